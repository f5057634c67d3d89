//! What must hold of an entity before code is written for it.

use super::external;
use super::read::{Entity, Field};
use super::types::Kind;
use crate::attr::Mistakes;

/// diesel's tables are built for this many columns; more would double everybody's build.
const COLUMNS_MAX: usize = 32;
/// PostgreSQL cuts names after 63 bytes.
const NAME_MAX: usize = 63;
/// Columns that the framework keeps itself.
const SYSTEM: [&str; 8] =
    ["tenant_id", "company_id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"];

pub(crate) fn entity(entity: &Entity, mistakes: &mut Mistakes) {
    match &entity.table {
        None => mistakes.at(&entity.name, "name the table: `#[repository(table = \"module_records\")]`"),
        Some(table) if entity.is_external() => {
            if !external::is_plain(&table.value()) {
                mistakes.at(table, external::NAME);
            }
        }
        Some(table) => {
            let name = table.value();
            let simple = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !simple || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
                mistakes.at(table, "a table's name is in snake case: lower-case letters, digits and `_`");
            }
            if name.len() > NAME_MAX {
                mistakes.at(table, format!("a table's name has at most {NAME_MAX} characters"));
            }
        }
    }
    external::entity(entity, mistakes);
    match entity.fields.first() {
        _ if entity.is_external() => {}
        Some(first) if first.name == "id" && first.kind == Kind::Id && !first.nullable => {}
        _ => mistakes.at(&entity.name, format!("the first field of an entity is `id: Id<{}>`", entity.name)),
    }
    if let Some(company) = entity.company.as_ref().filter(|_| !entity.tenant) {
        mistakes.at(company, "a company belongs to a tenant: write `tenant, company`");
    }
    for field in &entity.fields {
        self::field(entity, field, mistakes);
    }
    let columns = entity.fields.iter().map(|f| f.kind.sql().len()).sum::<usize>() + entity.system_columns().len();
    if columns > COLUMNS_MAX {
        let message = format!(
            "this entity has {columns} columns with those that the framework keeps, at most {COLUMNS_MAX} are possible: \
             move what belongs together into an entity of its own"
        );
        mistakes.at(&entity.name, message);
    }
}

fn field(entity: &Entity, field: &Field, mistakes: &mut Mistakes) {
    let rules = &field.rules;
    if SYSTEM.contains(&field.name.as_str()) && !entity.is_external() {
        let message = format!("`{}` is a column that the framework keeps: leave it out of the struct", field.name);
        mistakes.at(&field.ident, message);
    }
    if field.kind == Kind::Extra && (field.name != "extra" || field.nullable) {
        mistakes.at(&field.ident, "custom fields are kept in one field, `extra: Extra`");
    }
    if let Some(max_len) = &rules.max_len
        && field.kind != Kind::Text
    {
        mistakes.at(max_len, "`max_len` is for texts");
    }
    if let Some(pattern) = &rules.pattern
        && field.kind != Kind::Text
    {
        mistakes.at(pattern, "`pattern` is for texts");
    }
    if let Some(one) = rules.one_of.first()
        && field.kind != Kind::Text
    {
        mistakes.at(one, "`one_of` is for texts; an enum with `#[derive(Choice)]` lists its own values");
    }
    for (key, _) in rules.min.iter().chain(&rules.max).filter(|_| !field.kind.is_number()) {
        mistakes.at(key, format!("`{key}` is for numbers and amounts"));
    }
    if let Some(target) = &rules.references
        && !matches!(field.kind, Kind::Id | Kind::Int | Kind::BigInt | Kind::Text)
    {
        mistakes.at(target, "`references` is for keys: the field's type is `Id<..>` of the other entity");
    }
    if let (Some(read_only), Some(_)) = (&rules.read_only, &rules.write_only) {
        mistakes.at(read_only, "a field that is `read_only` and `write_only` is of no use to any client");
    }
}

impl Entity {
    /// Columns that the framework keeps: name and SQL type.
    pub(crate) fn system_columns(&self) -> Vec<(&'static str, &'static str)> {
        let [tenant, company, version, created_at, created_by, updated_at, updated_by, deleted_at] = SYSTEM;
        let mut columns = Vec::new();
        if self.tenant {
            columns.push((tenant, "Guid"));
        }
        if self.company.is_some() {
            columns.push((company, "Guid"));
        }
        if self.versioned {
            columns.push((version, "BigInt"));
        }
        if self.audited {
            columns.extend([
                (created_at, "Instant"),
                (created_by, "Guid"),
                (updated_at, "Instant"),
                (updated_by, "Guid"),
            ]);
        }
        if self.soft_delete {
            columns.push((deleted_at, "Nullable<Instant>"));
        }
        columns
    }
}
