//! What stock needs before anything moves: units, places, warehouses, items.

use codexion::prelude::*;

use super::draft::usual_code;
use crate::MoveError;
use crate::policy::{SaveItem, SaveLocation, SaveUnit, SaveWarehouse};
use crate::store::{Item, Location, LocationKind, MeasureUnit, Move, Warehouse};

/// Sets up warehouses, places, units and items.
#[derive(Debug, Default, Provider)]
#[provider(singleton)]
pub struct Setup {}

/// A warehouse with the places that it starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct WarehousePlaces {
    /// The warehouse.
    pub warehouse: Warehouse,
    /// All of it: the place that the others are within.
    pub root: Id<Location>,
    /// Where goods arrive.
    pub input: Id<Location>,
    /// Where they are kept.
    pub stock: Id<Location>,
    /// Where they wait to leave.
    pub output: Id<Location>,
}

/// Code, name, reference, factor in ten-billionths, digits: what every tenant starts with.
const UNITS: [(&str, &str, &str, i64, i32); 9] = [
    ("pcs", "pieces", "pcs", 10_000_000_000, 0),
    ("dozen", "dozen", "pcs", 120_000_000_000, 2),
    ("kg", "kilograms", "kg", 10_000_000_000, 3),
    ("g", "grams", "kg", 10_000_000, 0),
    ("t", "tonnes", "kg", 10_000_000_000_000, 6),
    ("l", "litres", "l", 10_000_000_000, 3),
    ("ml", "millilitres", "l", 10_000_000, 0),
    ("m", "metres", "m", 10_000_000_000, 3),
    ("h", "hours", "h", 10_000_000_000, 2),
];

impl Setup {
    /// Writes what every tenant starts with, as far as it is not there: common units, and the places `suppliers`,
    /// `customers`, `losses` and `transit`. The module's seed does so for every new tenant.
    ///
    /// # Errors
    /// The database refuses a statement.
    pub fn base(&self, tx: &mut Tx) -> Result<()> {
        let known: Vec<_> = MeasureUnit::list(tx, &Filter::All)?.iter().map(|unit| unit.code).collect();
        let mut units = Vec::new();
        for (code, name, reference, factor, digits) in UNITS {
            let (code, reference) = (Unit::parse(code)?, Unit::parse(reference)?);
            if known.contains(&code) {
                continue;
            }
            let (name, factor) = (name.to_owned(), Rate::from_scaled(factor));
            units.push(MeasureUnit { id: tx.new_id(), code, name, reference, factor, digits });
        }
        if let Some(unit) = units.first() {
            tx.authorize::<SaveUnit>(unit)?;
            MeasureUnit::insert_many(tx, &units)?;
        }
        let kinds = [LocationKind::Supplier, LocationKind::Customer, LocationKind::Loss, LocationKind::Transit];
        let known: Vec<_> = Location::list(tx, &Filter::IsNull { column: "parent" })?;
        for kind in kinds {
            let code = usual_code(kind);
            if known.iter().any(|place| place.code == code) {
                continue;
            }
            let place = Location {
                id: tx.new_id(),
                code: code.to_owned(),
                name: code.to_owned(),
                kind,
                parent: None,
                warehouse: None,
            };
            self.location(tx, &place)?;
        }
        Ok(())
    }

    /// Creates a unit: one of `unit.code` is `unit.factor` of `unit.reference`.
    ///
    /// # Errors
    /// [`MeasureError`](crate::MeasureError) when factor or digits are out of range; the unit exists already; the reference unit does not.
    pub fn unit(&self, tx: &mut Tx, unit: &MeasureUnit) -> Result<()> {
        tx.authorize::<SaveUnit>(unit)?;
        unit.measure()?;
        MeasureUnit::insert(tx, unit)
    }

    /// Creates a warehouse with its tree of places: `CODE`, and within it `CODE/INPUT`, `CODE/STOCK`, `CODE/OUTPUT`.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when code or places exist already; [`Kind::Invalid`] when code or name are too long.
    pub fn warehouse(&self, tx: &mut Tx, code: &str, name: &str) -> Result<WarehousePlaces> {
        let warehouse = Warehouse { id: tx.new_id(), code: code.to_owned(), name: name.to_owned() };
        tx.authorize::<SaveWarehouse>(&warehouse)?;
        Warehouse::insert(tx, &warehouse)?;
        let root = place(tx, &warehouse, None, "");
        let parent = Some(root.id);
        let inner = ["INPUT", STOCK, "OUTPUT"].map(|part| place(tx, &warehouse, parent, part));
        let [input, stock, output] = inner.each_ref().map(|place| place.id);
        let places = WarehousePlaces { warehouse, root: root.id, input, stock, output };
        Location::insert(tx, &root)?;
        Location::insert_many(tx, &inner)?;
        Ok(places)
    }

    /// The places that a warehouse started with.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such warehouse; [`MoveError::NoPlace`] when one of its places is gone.
    pub fn places(&self, tx: &mut ReadTx, code: &str) -> Result<WarehousePlaces> {
        let warehouse = Warehouse::list(tx, &Filter::eq("code", code))?.pop();
        let warehouse = warehouse
            .ok_or_else(|| Error::not_found("inventory.no_warehouse", format!("there is no warehouse `{code}`")))?;
        let places = Location::list(tx, &Filter::eq("warehouse", warehouse.id))?;
        let find = |part: &'static str, label: &'static str| {
            let code = place_code(&warehouse.code, part);
            places.iter().find(|place| place.code == code).map(|place| place.id).ok_or(MoveError::NoPlace(label))
        };
        let root = find("", "the warehouse itself")?;
        let (input, stock, output) = (find("INPUT", "INPUT")?, find(STOCK, STOCK)?, find("OUTPUT", "OUTPUT")?);
        Ok(WarehousePlaces { warehouse, root, input, stock, output })
    }

    /// Where a warehouse keeps its stock.
    ///
    /// # Errors
    /// As [`places`](Self::places).
    pub fn stock_of(&self, tx: &mut ReadTx, code: &str) -> Result<Id<Location>> {
        let stock = Location::list(tx, &Filter::eq("code", place_code(code, STOCK)))?.pop();
        // Without it, the other question says what is missing.
        stock.map_or_else(|| Ok(self.places(tx, code)?.stock), |place| Ok(place.id))
    }

    /// Creates a place.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when the code is taken, or parent or warehouse do not exist; [`Kind::Invalid`].
    pub fn location(&self, tx: &mut Tx, location: &Location) -> Result<()> {
        tx.authorize::<SaveLocation>(location)?;
        Location::insert(tx, location)
    }

    /// Creates an item, or changes the one with this id. Its unit is created too, as a unit of its own kind, where
    /// it is not known.
    ///
    /// # Errors
    /// [`MoveError::ItemInUse`] when unit, currency or costing change after something moved; [`Kind::Conflict`] when
    /// the code is taken; [`Kind::Invalid`].
    pub fn item(&self, tx: &mut Tx, item: &Item) -> Result<()> {
        tx.authorize::<SaveItem>(item)?;
        let known = Item::find(tx, item.id)?;
        if known.as_ref().is_none_or(|known| known.unit != item.unit) {
            ensure_unit(tx, item.unit)?;
        }
        let Some(known) = known else { return Item::insert(tx, item) };
        let same = (known.unit, known.currency, known.removal) == (item.unit, item.currency, item.removal);
        if !same && Move::count(tx, &Filter::eq("item", item.id))? > 0 {
            return Err(MoveError::ItemInUse(known.code).into());
        }
        Item::update(tx, item.id, |stored| {
            stored.clone_from(item);
            Ok(())
        })
        .map(|_| ())
    }
}

/// The part of a warehouse that goods leave and are put.
const STOCK: &str = "STOCK";

fn ensure_unit(tx: &mut Tx, unit: Unit) -> Result<()> {
    if MeasureUnit::count(tx, &Filter::eq("code", unit))? > 0 {
        return Ok(());
    }
    let (name, factor) = (unit.code().to_owned(), Rate::from_scaled(10_000_000_000));
    let new = MeasureUnit { id: tx.new_id(), code: unit, name, reference: unit, factor, digits: 6 };
    MeasureUnit::insert(tx, &new)
}

fn place(tx: &mut Tx, warehouse: &Warehouse, parent: Option<Id<Location>>, part: &str) -> Location {
    Location {
        id: tx.new_id(),
        code: place_code(&warehouse.code, part),
        name: if part.is_empty() { warehouse.name.clone() } else { part.to_lowercase() },
        kind: LocationKind::Internal,
        parent,
        warehouse: Some(warehouse.id),
    }
}

fn place_code(warehouse: &str, part: &str) -> String {
    if part.is_empty() { warehouse.to_owned() } else { format!("{warehouse}/{part}") }
}
