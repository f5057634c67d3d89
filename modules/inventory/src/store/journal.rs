//! The value ledger of one item as the rules read and write it. The common case, a move after all others, needs no
//! statement here: what it reads was read for all items together.

use std::collections::BTreeMap;

use codexion::data::Statement;
use codexion::data::sqltype::{Day, Fixed, Guid};
use codexion::prelude::*;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use uuid::Uuid;

use super::book::{Book, Row};
use super::sql::push_position;
use super::{Item, Move, MoveKind, MoveState, ValueCheckpoint, inventory_checkpoints, inventory_moves};
use crate::domain::{
    Booked, Change, Checkpoint, Dirty, Effect, Entry, Journal, Position, ReturnLink, Valuation, Worth,
};

/// A book and the unit of work that reads for it.
pub(crate) struct Ledger<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) book: &'t mut Book,
}

/// What a move means for the value of its item. `counted` is by how much a count changed the stock, `returned` where
/// the issue or receipt is whose goods come or go back.
pub(crate) fn change(item: &Item, movement: &Move, counted: Quantity, returned: Option<Position>) -> Result<Change> {
    let quantity = movement.quantity;
    if movement.state != MoveState::Done {
        return Ok(Change::Void);
    }
    Ok(match (movement.kind, returned) {
        (MoveKind::Receipt, _) => {
            let cost = movement.price.unwrap_or(Price::from_scaled(0, item.currency));
            let value = cost.times(quantity, Rounding::HalfUp)?;
            let charge = movement.charge.unwrap_or(Money::zero(item.currency));
            Change::Receive { quantity, value: value.checked_add(charge)? }
        }
        (MoveKind::Issue, _) => Change::Issue { quantity },
        (MoveKind::CustomerReturn, Some(issue)) => Change::CustomerReturn { quantity, issue },
        (MoveKind::SupplierReturn, Some(receipt)) => Change::SupplierReturn { quantity, receipt },
        (MoveKind::Count, _) if counted.is_positive() => Change::Find { quantity: counted, price: movement.price },
        (MoveKind::Count, _) if counted.is_negative() => Change::Issue { quantity: counted.checked_neg()? },
        _ => Change::Void,
    })
}

impl Ledger<'_> {
    fn item(&self) -> Id<Item> {
        self.book.item.id
    }

    /// The first checkpoint on one side of a position.
    fn nearest(&mut self, before: bool, position: Option<Position>) -> Result<Option<Checkpoint>> {
        use inventory_checkpoints as c;
        let mut query = ValueCheckpoint::query(self.tx).filter(c::item.eq(arg(self.item()))).into_boxed();
        if let Some(Position { date, id }) = position {
            query = if before {
                query.filter(c::date.lt(arg(date)).or(c::date.eq(arg(date)).and(c::r#move.lt(arg(id)))))
            } else {
                query.filter(c::date.gt(arg(date)).or(c::date.eq(arg(date)).and(c::r#move.gt(arg(id)))))
            };
        }
        query = if before {
            query.order((c::date.desc(), c::r#move.desc()))
        } else {
            query.order((c::date.asc(), c::r#move.asc()))
        };
        let found: Option<ValueCheckpoint> = query.limit(1).select(ValueCheckpoint::as_select()).maybe_row(self.tx)?;
        found.map(|found| self.book.checkpoint(&found)).transpose()
    }

    /// The next moves that change the value.
    fn moves_after(&mut self, position: Option<Position>, moves_max: usize) -> Result<Vec<Move>> {
        use inventory_moves as m;
        let mut query = Move::query(self.tx)
            .filter(m::item.eq(arg(self.item())))
            .filter(m::kind.ne(MoveKind::Transfer))
            .filter(m::state.ne(MoveState::Planned))
            .into_boxed();
        if let Some(Position { date, id }) = position {
            query = query.filter(m::date.gt(arg(date)).or(m::date.eq(arg(date)).and(m::id.gt(arg(id)))));
        }
        let limit = i64::try_from(moves_max).unwrap_or(i64::MAX);
        query.order((m::date.asc(), m::id.asc())).limit(limit).select(Move::as_select()).rows(self.tx)
    }

    /// By how much the counts from one position to another changed the stock.
    fn counted(&mut self, from: Position, to: Position) -> Result<BTreeMap<Uuid, Quantity>> {
        let mut sql = Statement::new(
            "SELECT e.move AS movement, sum(e.quantity) AS quantity FROM inventory_stock_entries e \
             JOIN inventory_moves m ON m.tenant_id = e.tenant_id AND m.id = e.move AND m.kind = 'count' \
             WHERE e.tenant_id = ",
        );
        sql.bind(self.tx.tenant()).push(" AND e.item = ").bind(self.item()).push(" AND ");
        push_position(&mut sql, "(e.date, e.move)", " >= ", from);
        push_position(sql.push(" AND "), "(e.date, e.move)", " <= ", to);
        sql.push(" GROUP BY e.move");
        let unit = self.book.item.unit;
        let rows = sql.rows::<CountedRow>(self.tx)?;
        rows.into_iter().map(|row| Ok((row.movement, Quantity::new(row.quantity, unit)?))).collect()
    }

    /// What the entries from one position to another did, as the ledger says.
    fn effects(&mut self, from: Position, to: Position) -> Result<BTreeMap<Position, Vec<Effect>>> {
        let mut sql = Statement::new(
            "SELECT e.move AS of_id, m.date AS of_date, e.cause, e.date, sum(e.quantity) AS quantity, \
             CAST(sum(e.value) AS bigint) AS value FROM inventory_value_entries e \
             JOIN inventory_moves m ON m.tenant_id = e.tenant_id AND m.id = e.move WHERE e.tenant_id = ",
        );
        sql.bind(self.tx.tenant()).push(" AND e.item = ").bind(self.item()).push(" AND ");
        push_position(&mut sql, "(e.date, e.cause)", " >= ", from);
        push_position(sql.push(" AND "), "(e.date, e.cause)", " <= ", to);
        sql.push(" GROUP BY e.move, m.date, e.cause, e.date ORDER BY e.date, e.cause, m.date, e.move");
        let (unit, currency) = (self.book.item.unit, self.book.item.currency);
        let mut effects: BTreeMap<Position, Vec<Effect>> = BTreeMap::new();
        for row in sql.rows::<EffectRow>(self.tx)? {
            let cause = Position::new(row.date, row.cause);
            effects.entry(cause).or_default().push(Effect {
                of: Position::new(row.of_date, row.of_id),
                cause,
                quantity: Quantity::new(row.quantity, unit)?,
                value: Money::from_minor(row.value, currency),
            });
        }
        Ok(effects)
    }

    /// Where the issues and receipts are whose goods came or went back with these moves.
    fn returned(&mut self, moves: &[Move]) -> Result<BTreeMap<Id<Move>, Position>> {
        let ids: Vec<_> = moves.iter().filter_map(|movement| movement.returned_move).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        Ok(Move::get_many(self.tx, &ids)?.iter().map(|of| (of.id, of.position())).collect())
    }

    fn stored_entries(&mut self, position: Option<Position>, entries_max: usize) -> Result<Vec<Booked>> {
        let moves = self.moves_after(position, entries_max)?;
        let (Some(first), Some(last)) = (moves.first().map(Move::position), moves.last().map(Move::position)) else {
            return Ok(Vec::new());
        };
        if moves.len() < entries_max {
            self.book.end = Some(last);
        }
        let mut effects = self.effects(first, last)?;
        let returned = self.returned(&moves)?;
        let counts = moves.iter().any(|movement| movement.kind == MoveKind::Count);
        let counted = if counts { self.counted(first, last)? } else { BTreeMap::new() };
        let mut booked = Vec::with_capacity(moves.len());
        for movement in &moves {
            let position = movement.position();
            let counted = counted.get(&position.id).copied().unwrap_or(Quantity::zero(self.book.item.unit));
            let returned = movement.returned_move.and_then(|of| returned.get(&of).copied());
            let change = change(&self.book.item, movement, counted, returned)?;
            let effects = effects.remove(&position).unwrap_or_default();
            booked.push(Booked { entry: Entry { position, change }, effects });
        }
        Ok(booked)
    }
}

impl Journal for Ledger<'_> {
    fn empty(&self) -> Valuation {
        self.book.empty()
    }

    fn dirty(&mut self) -> Result<Option<Dirty>> {
        Ok(self.book.dirty())
    }

    fn set_dirty(&mut self, dirty: Option<Dirty>) -> Result<()> {
        self.book.set_dirty(dirty);
        Ok(())
    }

    fn checkpoint_before(&mut self, position: Position) -> Result<Option<Checkpoint>> {
        match &self.book.head {
            None => Ok(None),
            Some(head) if head.at < position => Ok(Some(head.clone())),
            Some(_) => self.nearest(true, Some(position)),
        }
    }

    fn checkpoint_after(&mut self, position: Option<Position>) -> Result<Option<Checkpoint>> {
        match &self.book.head {
            None => Ok(None),
            Some(head) if position >= Some(head.at) => Ok(None),
            Some(_) => self.nearest(false, position),
        }
    }

    fn keep(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.book.kept.insert(checkpoint.at, checkpoint.clone());
        Ok(())
    }

    fn forget(&mut self, at: Position) -> Result<()> {
        self.book.kept.remove(&at);
        if self.book.known.contains_key(&at) {
            self.book.forgotten.insert(at);
        }
        Ok(())
    }

    fn entries_after(&mut self, position: Option<Position>, entries_max: usize) -> Result<Vec<Booked>> {
        if self.book.end.is_some() && self.book.end <= position {
            return Ok(Vec::new());
        }
        let entries = match &self.book.fresh {
            Some(fresh) => {
                let after = fresh.entries.iter().filter(|booked| Some(booked.entry.position) > position);
                after.take(entries_max).cloned().collect()
            }
            None => self.stored_entries(position, entries_max)?,
        };
        let unvalued = entries.iter().filter(|booked| booked.effects.is_empty()).map(|booked| booked.entry.position);
        self.book.unvalued.extend(unvalued);
        Ok(entries)
    }

    fn returns_after(&mut self, position: Option<Position>) -> Result<Vec<ReturnLink>> {
        if let Some(fresh) = &self.book.fresh {
            return Ok(fresh.returns.iter().filter(|link| Some(link.returned) > position).copied().collect());
        }
        let mut sql = Statement::new(
            "SELECT i.id AS issue, i.date AS issue_date, r.id, r.date FROM inventory_moves r \
             JOIN inventory_moves i ON i.tenant_id = r.tenant_id AND i.id = r.returned_move \
             WHERE r.kind = 'customer_return' AND r.state = 'done' AND r.tenant_id = ",
        );
        sql.bind(self.tx.tenant()).push(" AND r.item = ").bind(self.item());
        if let Some(position) = position {
            push_position(sql.push(" AND "), "(r.date, r.id)", " > ", position);
        }
        sql.push(" ORDER BY r.date, r.id");
        let links = sql.rows::<LinkRow>(self.tx)?.into_iter();
        Ok(links
            .map(|row| ReturnLink {
                issue: Position::new(row.issue_date, row.issue),
                returned: Position::new(row.date, row.id),
            })
            .collect())
    }

    fn worth(&mut self, issue: Position, until: Position) -> Result<Worth> {
        let mut sql = Statement::new(
            "SELECT sum(e.quantity) AS quantity, CAST(sum(e.value) AS bigint) AS value FROM inventory_value_entries e \
             WHERE e.tenant_id = ",
        );
        let tenant = self.tx.tenant();
        sql.bind(tenant).push(" AND e.item = ").bind(self.item()).push(" AND ");
        push_position(&mut sql, "(e.date, e.cause)", " <= ", until);
        sql.push(" AND (e.move = ").bind(issue.id);
        sql.push(
            " OR e.move IN (SELECT r.id FROM inventory_moves r WHERE r.kind = 'customer_return' AND r.tenant_id = ",
        );
        sql.bind(tenant).push(" AND r.returned_move = ").bind(issue.id).push("))");
        let row = sql.rows::<WorthRow>(self.tx)?.pop();
        let quantity = row.as_ref().and_then(|row| row.quantity).unwrap_or(Decimal::ZERO);
        let value = row.and_then(|row| row.value).unwrap_or(0);
        Ok(Worth {
            quantity: Quantity::new(quantity, self.book.item.unit)?.checked_neg()?,
            value: Money::from_minor(value, self.book.item.currency).checked_neg()?,
        })
    }

    fn append(&mut self, rows: &[Effect]) -> Result<()> {
        for effect in rows {
            let first = effect.of == effect.cause && self.book.unvalued.remove(&effect.of);
            self.book.rows.push(Row { effect: *effect, first });
        }
        Ok(())
    }
}

#[derive(QueryableByName)]
struct CountedRow {
    #[diesel(sql_type = Guid)]
    movement: Uuid,
    #[diesel(sql_type = Fixed)]
    quantity: Decimal,
}

#[derive(QueryableByName)]
struct EffectRow {
    #[diesel(sql_type = Guid)]
    of_id: Uuid,
    #[diesel(sql_type = Day)]
    of_date: Date,
    #[diesel(sql_type = Guid)]
    cause: Uuid,
    #[diesel(sql_type = Day)]
    date: Date,
    #[diesel(sql_type = Fixed)]
    quantity: Decimal,
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct LinkRow {
    #[diesel(sql_type = Guid)]
    issue: Uuid,
    #[diesel(sql_type = Day)]
    issue_date: Date,
    #[diesel(sql_type = Guid)]
    id: Uuid,
    #[diesel(sql_type = Day)]
    date: Date,
}

#[derive(QueryableByName)]
struct WorthRow {
    #[diesel(sql_type = Nullable<Fixed>)]
    quantity: Option<Decimal>,
    #[diesel(sql_type = Nullable<BigInt>)]
    value: Option<i64>,
}
