//! Customers and suppliers, as far as the books know them.

/// Names a customer or supplier, whoever keeps the rest of what is known about them; never constructed.
#[derive(Debug)]
pub enum Party {}
