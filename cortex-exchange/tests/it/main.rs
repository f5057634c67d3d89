//! Tests of imports and exports at their public boundary.

#[cfg(test)]
mod damage;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod upsert;
