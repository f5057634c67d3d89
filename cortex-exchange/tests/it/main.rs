//! Tests of imports and exports at their public boundary.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod custom;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod http;
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
#[cfg(test)]
mod workbook;
