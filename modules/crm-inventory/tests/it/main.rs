//! Shipping and receiving where nobody keeps books.

mod ship;
