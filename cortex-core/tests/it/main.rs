//! Integration tests of the core, one binary.

#[cfg(test)]
mod choice;
#[cfg(test)]
mod config;
#[cfg(test)]
mod container;
#[cfg(test)]
mod health;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod modules;
#[cfg(test)]
mod values;
