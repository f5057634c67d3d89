//! What a connection is allowed to see: its schema, and whose rows let row-level security pass.

use cortex_core::{ActorKind, Cx, TenantId};

use crate::module::NOBODY;

/// The setting that policies compare `tenant_id` with.
pub(crate) const SETTING: &str = "cortex.tenant";
/// The value of [`SETTING`] that lets all rows pass: for the framework's own work, which belongs to no tenant.
pub(crate) const ALL: &str = "all";

/// Whose data a connection is to see, and in which schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facing {
    /// The tenant's own schema, in front of the one that everybody shares.
    pub(crate) schema: Option<Box<str>>,
    /// Whose rows.
    pub(crate) whose: Whose,
}

/// Whose rows pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Whose {
    /// Nothing was said yet, or row-level security is off: nothing needs to be said.
    #[default]
    Unsaid,
    /// Everybody's.
    All,
    /// One tenant's.
    Of(TenantId),
}

impl Whose {
    /// Whose rows a unit of work sees.
    pub(crate) fn of(cx: &Cx) -> Self {
        if cx.tenant() == NOBODY && cx.actor().kind == ActorKind::System { Self::All } else { Self::Of(cx.tenant()) }
    }
}

/// What has to be said to a server so that a connection which faces `from` faces `to`, in one message; `None` where
/// nothing has to be.
#[cfg(any(feature = "postgres", feature = "postgres-system"))]
pub(crate) fn turn(from: &Facing, to: &Facing, home: &str) -> Option<String> {
    use std::fmt::Write as _;

    let mut sql = String::new();
    if from.schema != to.schema {
        match &to.schema {
            // Names of schemas are checked before they come here.
            Some(schema) => {
                let _ = write!(sql, "SET search_path = \"{schema}\", \"{home}\";");
            }
            None => sql.push_str("RESET search_path;"),
        }
    }
    if from.whose != to.whose {
        let _ = match to.whose {
            Whose::Unsaid => Ok(()),
            Whose::All => write!(sql, "SET {SETTING} = '{ALL}';"),
            Whose::Of(tenant) => write!(sql, "SET {SETTING} = '{tenant}';"),
        };
    }
    (!sql.is_empty()).then_some(sql)
}

/// Schemas and databases of tenants have names that need no quoting, so that none can end a statement.
pub(crate) fn is_plain_name(name: &str) -> bool {
    const NAME_MAX: usize = 63;
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    first && plain && name.len() <= NAME_MAX && !name.starts_with("pg_")
}

#[cfg(all(test, any(feature = "postgres", feature = "postgres-system")))]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_said() {
        let a = TenantId::from_uuid(uuid::Uuid::from_u128(10));
        let start = Facing::default();
        let shared = Facing { schema: None, whose: Whose::Of(a) };
        let own = Facing { schema: Some("tenant_a".into()), whose: Whose::Of(a) };
        assert_eq!(turn(&shared, &shared, "public"), None);
        assert_eq!(turn(&start, &start, "public"), None);
        assert_eq!(turn(&start, &shared, "public"), Some(format!("SET cortex.tenant = '{a}';")));
        assert_eq!(turn(&shared, &own, "public").as_deref(), Some("SET search_path = \"tenant_a\", \"public\";"));
        assert_eq!(turn(&own, &shared, "public").as_deref(), Some("RESET search_path;"));
    }

    #[test]
    fn names_that_end_a_statement_are_no_names() {
        assert!(is_plain_name("tenant_0198"));
        for bad in ["", "a\"; DROP TABLE x; --", "A", "1a", "pg_catalog", "a-b", &"a".repeat(64)] {
            assert!(!is_plain_name(bad), "{bad}");
        }
    }
}
