//! Reserving stock: never more than is free, the older lot first.

use codexion::core::{Date, Quantity, Unit};

use crate::ReservationError;

/// Stock of one item in one place (and lot), as far as reserving needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin<K> {
    /// Which place and lot.
    pub key: K,
    /// Since when the goods are there; the older ones are taken first.
    pub since: Date,
    /// What is there.
    pub on_hand: Quantity,
    /// What of it is promised.
    pub reserved: Quantity,
}

impl<K> Bin<K> {
    /// What is not promised; negative when more was promised than there is now.
    ///
    /// # Errors
    /// [`ReservationError::Quantity`] when the units differ.
    pub fn free(&self) -> Result<Quantity, ReservationError> {
        Ok(self.on_hand.checked_sub(self.reserved)?)
    }

    /// Takes goods of which `held` are reserved for whoever takes them. Reserved stock of others stays.
    ///
    /// # Errors
    /// [`ReservationError::NotReserved`] when less than `held` is reserved,
    /// [`ReservationError::ReservedForOthers`] when the goods are promised to others.
    pub fn take(&mut self, wanted: Quantity, held: Quantity) -> Result<(), ReservationError> {
        let others = self.reserved.checked_sub(held)?;
        if others.is_negative() || held.is_negative() || held.checked_cmp(wanted)?.is_gt() {
            return Err(ReservationError::NotReserved { released: held, reserved: self.reserved });
        }
        let free = self.on_hand.checked_sub(others)?;
        if wanted.checked_cmp(free)?.is_gt() {
            return Err(ReservationError::ReservedForOthers { wanted, free });
        }
        self.on_hand = self.on_hand.checked_sub(wanted)?;
        self.reserved = others;
        Ok(())
    }
}

/// A piece of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick<K> {
    /// From where.
    pub key: K,
    /// How much.
    pub quantity: Quantity,
}

/// What could be reserved: a demand line is split into what has stock and what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation<K> {
    /// From where, in the order it is to be taken; no piece is empty.
    pub picks: Vec<Pick<K>>,
    /// All pieces together.
    pub assigned: Quantity,
    /// What is left without stock.
    pub missing: Quantity,
}

/// What is free in all bins together. A bin with more promised than it holds counts against the others.
///
/// # Errors
/// [`ReservationError::Quantity`] when a bin is not in `unit`.
pub fn free<K>(bins: &[Bin<K>], unit: Unit) -> Result<Quantity, ReservationError> {
    let each = bins.iter().map(Bin::free).collect::<Result<Vec<_>, _>>()?;
    Ok(Quantity::sum(each, unit)?)
}

/// Reserves up to `wanted` from the bins, the oldest first, and writes it down in them.
///
/// # Errors
/// [`ReservationError::NotPositive`]; [`ReservationError::Quantity`] when a bin is in another unit.
pub fn reserve<K: Copy>(bins: &mut [Bin<K>], wanted: Quantity) -> Result<Reservation<K>, ReservationError> {
    if !wanted.is_positive() {
        return Err(ReservationError::NotPositive(wanted));
    }
    let mut left = smaller(wanted, free(bins, wanted.unit())?)?;
    let mut by_age: Vec<&mut Bin<K>> = bins.iter_mut().collect();
    by_age.sort_by_key(|bin| bin.since);
    let (mut picks, mut assigned) = (Vec::new(), Quantity::zero(wanted.unit()));
    for bin in by_age {
        let quantity = smaller(left, bin.free()?)?;
        if !quantity.is_positive() {
            continue;
        }
        bin.reserved = bin.reserved.checked_add(quantity)?;
        left = left.checked_sub(quantity)?;
        assigned = assigned.checked_add(quantity)?;
        picks.push(Pick { key: bin.key, quantity });
    }
    // INVARIANT: the bins above zero hold at least what is free in all, so nothing of it is left over.
    debug_assert!(!left.is_positive(), "free stock was left unreserved");
    Ok(Reservation { picks, assigned, missing: wanted.checked_sub(assigned)? })
}

fn smaller(a: Quantity, b: Quantity) -> Result<Quantity, ReservationError> {
    Ok(if a.checked_cmp(b)?.is_le() { a } else { b })
}
