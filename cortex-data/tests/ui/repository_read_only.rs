//! What is only read can't be written, nor be offered for writing.
use cortex_core::{Id, Registrar, Result};
use cortex_data::{DataRegistrar, Repository, Tx};

#[derive(Debug, Clone, Repository)]
#[repository(table = "NAMEN", external, all_tenants, read_only, crate = cortex_data)]
struct Name {
    number: i64,
    text: String,
}

fn write(tx: &mut Tx, name: &Name) -> Result<()> {
    Name::insert(tx, name)?;
    Name::delete(tx, name.number)
}

fn register(m: &mut Registrar) {
    m.importable::<Name>();
}

/// A key of another type refers to nothing.
#[derive(Debug, Clone, Repository)]
#[repository(table = "notes", tenant, crate = cortex_data)]
struct Note {
    id: Id<Note>,
    #[field(references = Name)]
    name: i32,
}

fn main() {
    let _ = (write, register);
}
