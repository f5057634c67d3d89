//! From what is asked to moves: items, places and units are looked up together, whatever the number of moves.

use std::collections::{BTreeMap, BTreeSet};

use codexion::prelude::*;

use crate::domain::Measure;
use crate::store::{Item, Location, LocationKind, MeasureUnit, Move, MoveKind, MoveState};
use crate::{MeasureError, MoveError};

/// Most moves of one call: its statements stay short, and nobody waits long for its locks.
pub(super) const MOVES_MAX: usize = 1_000;

/// A place by its id, or the one that every tenant has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    At(Id<Location>),
    Usual(LocationKind),
}

impl From<(Option<Id<Location>>, LocationKind)> for Place {
    fn from((id, usual): (Option<Id<Location>>, LocationKind)) -> Self {
        id.map_or(Self::Usual(usual), Self::At)
    }
}

/// The code of the place of a kind that every tenant has.
pub(super) const fn usual_code(kind: LocationKind) -> &'static str {
    match kind {
        LocationKind::Supplier => "suppliers",
        LocationKind::Customer => "customers",
        LocationKind::Loss => "losses",
        LocationKind::Internal | LocationKind::Transit => "transit",
    }
}

/// A move as it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) kind: MoveKind,
    pub(super) item: Id<Item>,
    pub(super) source: Place,
    pub(super) destination: Place,
    pub(super) quantity: Quantity,
    pub(super) unit_cost: Option<Price>,
    pub(super) returned: Option<Id<Move>>,
    pub(super) date: Date,
    pub(super) origin: Option<String>,
    pub(super) reserved: Option<Id<Move>>,
}

/// The records that drafts name.
#[derive(Debug)]
pub(super) struct Known {
    items: BTreeMap<Id<Item>, Item>,
    places: BTreeMap<Id<Location>, Location>,
    units: BTreeMap<String, Measure>,
}

impl Known {
    pub(super) fn load(tx: &mut ReadTx, drafts: &[Draft]) -> Result<Self> {
        if drafts.len() > MOVES_MAX {
            return Err(MoveError::TooMany { count: drafts.len(), max: MOVES_MAX }.into());
        }
        let ids: BTreeSet<_> = drafts.iter().map(|draft| draft.item).collect();
        let items = Item::get_many(tx, &ids.into_iter().collect::<Vec<_>>())?;
        let items: BTreeMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
        let sides = drafts.iter().flat_map(|draft| [draft.source, draft.destination]);
        let places = load_places(tx, sides)?;
        let foreign =
            drafts.iter().any(|draft| items.get(&draft.item).is_some_and(|item| item.unit != draft.quantity.unit()));
        let units = if foreign { load_units(tx)? } else { BTreeMap::new() };
        Ok(Self { items, places, units })
    }

    pub(super) fn item(&self, id: Id<Item>) -> Result<&Item> {
        Ok(self.items.get(&id).ok_or(MoveError::NoItem(id.uuid()))?)
    }

    pub(super) fn place(&self, place: Place) -> Result<&Location> {
        match place {
            Place::At(id) => Ok(self.places.get(&id).ok_or(MoveError::NoLocation(id.uuid()))?),
            Place::Usual(kind) => {
                let code = usual_code(kind);
                Ok(self.places.values().find(|place| place.code == code).ok_or(MoveError::NoPlace(code))?)
            }
        }
    }

    /// A quantity in the item's unit.
    pub(super) fn quantity(&self, item: &Item, quantity: Quantity) -> Result<Quantity> {
        if quantity.unit() == item.unit {
            return Ok(quantity);
        }
        let (from, to) = self.measures(quantity.unit(), item.unit)?;
        Ok(from.convert(quantity, to, Rounding::HalfUp)?)
    }

    fn measures(&self, from: Unit, to: Unit) -> Result<(&Measure, &Measure)> {
        let measure = |unit: Unit| self.units.get(unit.code()).ok_or(MoveError::NoUnit(unit));
        Ok((measure(from)?, measure(to)?))
    }

    /// The move that a draft asks for, checked but without an id.
    pub(super) fn to_move(&self, tx: &Tx, draft: &Draft) -> Result<Move> {
        let item = self.item(draft.item)?;
        let (source, destination) = (self.place(draft.source)?, self.place(draft.destination)?);
        check_sides(draft.kind, source, destination)?;
        let quantity = self.quantity(item, draft.quantity)?;
        let counted = draft.kind == MoveKind::Count;
        if draft.quantity.is_negative() || (!counted && !quantity.is_positive()) {
            return Err(match counted {
                true => crate::StockError::CountNegative(draft.quantity).into(),
                false => crate::ValuationError::NotPositive(draft.quantity).into(),
            });
        }
        let (price, charge) = self.cost(item, draft, quantity)?;
        Ok(Move {
            id: Id::from_uuid(uuid::Uuid::nil()),
            item: item.id,
            source: source.id,
            destination: destination.id,
            kind: draft.kind,
            state: MoveState::Done,
            quantity,
            date: draft.date,
            origin: draft.origin.clone(),
            returned_move: draft.returned,
            price,
            charge,
            recorded_at: tx.now(),
            recorded_by: tx.cx().actor().id,
        })
    }

    /// What one of the item's unit costs, and what that lacks, by rounding, of the cost of all.
    fn cost(&self, item: &Item, draft: &Draft, quantity: Quantity) -> Result<(Option<Price>, Option<Money>)> {
        let Some(cost) = draft.unit_cost else { return Ok((None, None)) };
        if cost.is_negative() {
            return Err(MoveError::CostNegative.into());
        }
        if cost.currency() != item.currency {
            let (expected, found) = (item.currency, cost.currency());
            return Err(crate::ValuationError::Currency { expected, found }.into());
        }
        if draft.quantity.unit() == item.unit {
            return Ok((Some(cost), None));
        }
        let (from, to) = self.measures(draft.quantity.unit(), item.unit)?;
        let price = from.convert_price(cost, to, Rounding::HalfUp)?;
        if draft.kind == MoveKind::Count {
            return Ok((Some(price), None));
        }
        let all = cost.times(draft.quantity, Rounding::HalfUp)?;
        let lacks = all.checked_sub(price.times(quantity, Rounding::HalfUp)?)?;
        Ok((Some(price), Some(lacks).filter(|lacks| !lacks.is_zero())))
    }
}

fn check_sides(kind: MoveKind, source: &Location, destination: &Location) -> Result<()> {
    let (source_ours, destination_ours) = match kind {
        MoveKind::Receipt | MoveKind::CustomerReturn | MoveKind::Count => (false, true),
        MoveKind::Issue | MoveKind::SupplierReturn => (true, false),
        MoveKind::Transfer => (true, true),
    };
    for (place, ours) in [(source, source_ours), (destination, destination_ours)] {
        match (ours, place.kind.is_ours()) {
            (true, false) => return Err(MoveError::NotOurs(place.code.clone()).into()),
            (false, true) => return Err(MoveError::Ours(place.code.clone()).into()),
            _ => {}
        }
    }
    if source.id == destination.id {
        return Err(MoveError::SamePlace(source.code.clone()).into());
    }
    Ok(())
}

fn load_places(tx: &mut ReadTx, places: impl Iterator<Item = Place>) -> Result<BTreeMap<Id<Location>, Location>> {
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for place in places {
        match place {
            Place::At(id) => {
                ids.insert(id);
            }
            Place::Usual(kind) => {
                codes.insert(usual_code(kind));
            }
        }
    }
    let ids = Filter::In { column: "id", values: ids.into_iter().map(Value::from).collect() };
    let codes = Filter::In { column: "code", values: codes.into_iter().map(Value::from).collect() };
    let found = Location::list(tx, &Filter::Or(vec![ids, codes]))?;
    Ok(found.into_iter().map(|place| (place.id, place)).collect())
}

fn load_units(tx: &mut ReadTx) -> Result<BTreeMap<String, Measure>> {
    let units = MeasureUnit::list(tx, &Filter::All)?;
    let measures = units.iter().map(|unit| Ok((unit.code.code().to_owned(), unit.measure()?)));
    Ok(measures.collect::<Result<_, MeasureError>>()?)
}
