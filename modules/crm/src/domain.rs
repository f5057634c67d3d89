//! The rules of selling and buying, pure: quantities, prices and dates are passed in, figures come out.
//!
//! - [`amount`]: what lines and documents come to, and where they are rounded.
//! - [`state`]: the lives of quotes and orders.
//! - [`progress`]: how much of an order has moved, been invoiced and been paid, and which move belongs to which
//!   invoice line.

pub mod amount;
pub mod progress;
pub mod state;
