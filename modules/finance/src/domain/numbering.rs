//! Legal numbers: without a gap, and in the order of dates.

use codexion::core::Date;

use crate::NumberError;

/// Where a series of numbers stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Series {
    last: Option<(u64, Date)>,
}

impl Series {
    /// A series that has given no number yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { last: None }
    }

    /// A series whose last number went to a document of that date.
    #[must_use]
    pub const fn after(number: u64, date: Date) -> Self {
        Self { last: Some((number, date)) }
    }

    /// The last number and its date.
    #[must_use]
    pub const fn last(self) -> Option<(u64, Date)> {
        self.last
    }

    /// The numbers of documents that are posted together, each at the place of its date: in the order of dates,
    /// and among equal dates in the order given. Nothing changes when it fails.
    ///
    /// # Errors
    /// [`NumberError::DateBeforeLast`] when a date is earlier than that of the last number,
    /// [`NumberError::Exhausted`].
    pub fn assign(&mut self, dates: &[Date]) -> Result<Vec<u64>, NumberError> {
        let mut order: Vec<(Date, usize)> = dates.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let (Some((earliest, _)), Some((latest, _))) = (order.first(), order.last()) else { return Ok(Vec::new()) };
        if let Some((_, last)) = self.last
            && *earliest < last
        {
            return Err(NumberError::DateBeforeLast { date: *earliest, last });
        }
        let mut number = self.last.map_or(0, |(number, _)| number);
        let mut numbered = Vec::with_capacity(order.len());
        for (_, place) in &order {
            number = number.checked_add(1).ok_or(NumberError::Exhausted)?;
            numbered.push((*place, number));
        }
        self.last = Some((number, *latest));
        numbered.sort_unstable();
        Ok(numbered.into_iter().map(|(_, number)| number).collect())
    }
}
