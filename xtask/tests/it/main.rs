//! Integration tests of the project commands.

mod postgres;
