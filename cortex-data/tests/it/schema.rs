//! Tables against their entities: everything that may differ is found, and the proposed SQL mends it.

use cortex_core::{Choice, Currency, Date, Decimal, Id, Money, Price, Quantity, Rate, Timestamp, Unit};
use cortex_data::{
    Backend, Entity, FieldKind, FieldMeta, Meta, Migration, Migrator, SchemaProblem, check_schema, create_table_sql,
    require_schema,
};

use crate::migrate::{sql, try_sql};
use crate::support::{Branch, TestDb, Vehicle, empty_databases};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = cortex_data)]
enum Colour {
    Red,
    DeepBlue,
}

const fn field(name: &'static str, columns: &'static [&'static str], kind: FieldKind, nullable: bool) -> FieldMeta {
    FieldMeta { name, columns, kind, nullable, rules: cortex_data::Rules::NONE }
}

/// One field of every type, and every rule that a table must know.
const EVERYTHING: &Meta = &Meta {
    name: "Everything",
    table: "test_everything",
    fields: &[
        FieldMeta::of::<Id<Vehicle>>("id", &["id"]),
        FieldMeta::of::<String>("code", &["code"]).unique().max_len(20),
        FieldMeta::of::<Id<Branch>>("branch", &["branch"]).references::<Id<Branch>, Branch>(),
        FieldMeta::of::<Option<String>>("order", &["order"]),
        FieldMeta::of::<bool>("is_open", &["is_open"]),
        FieldMeta::of::<i32>("seats", &["seats"]),
        FieldMeta::of::<Option<i64>>("distance", &["distance"]),
        FieldMeta::of::<Timestamp>("seen_at", &["seen_at"]),
        FieldMeta::of::<Date>("due", &["due"]),
        FieldMeta::of::<Decimal>("weight", &["weight"]),
        FieldMeta::of::<Rate>("rate", &["rate"]),
        FieldMeta::of::<Money>("paid", &["paid", "paid_currency"]),
        FieldMeta::of::<Option<Price>>("price", &["price", "price_currency"]),
        FieldMeta::of::<Quantity>("stock", &["stock", "stock_unit"]),
        FieldMeta::of::<Currency>("home", &["home"]),
        FieldMeta::of::<Unit>("unit", &["unit"]),
        FieldMeta::of::<serde_json::Value>("extra", &["extra"]),
        field("colour", &["colour"], FieldKind::Choice(Colour::NAMES), false),
    ],
    tenant: true,
    company: false,
    versioned: true,
    audited: true,
    soft_delete: true,
    external: None,
};

const ALL: [&Meta; 3] = [Branch::META, Vehicle::META, EVERYTHING];

/// Creates the tables, with `from` in their SQL replaced by `to`.
fn create(test: &TestDb, from: &str, to: &str) {
    let text: String = ALL.iter().map(|meta| create_table_sql(meta)).collect();
    assert!(text.contains(from), "{from} is not in\n{text}");
    sql(test, &text.replace(from, to));
}

fn problems(test: &TestDb, entities: &'static [&'static Meta]) -> Vec<SchemaProblem> {
    test.work(Id::new()).read_blocking(move |tx| check_schema(tx, entities)).unwrap()
}

/// Each line is a problem; then the proposed SQL, as a migration, leaves none.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    for test in empty_databases() {
        create(&test, from, to);
        let found = problems(&test, &ALL);
        let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(lines, expected, "{}", test.name);

        let mends: Vec<_> = found.iter().map(|problem| problem.mend.as_str()).collect();
        let mend = Migration::new("0001_mend", mends.join(""), "");
        Migrator::new(&test.db).with_module("test", &[], [mend]).up().unwrap();
        assert_eq!(problems(&test, &ALL), [], "{}", test.name);
    }
}

#[test]
fn a_generated_table_is_right() {
    assert_eq!(
        create_table_sql(Branch::META),
        "CREATE TABLE test_branches (\n    tenant_id uuid NOT NULL,\n    id uuid NOT NULL,\n    name text NOT NULL,\n    \
         PRIMARY KEY (tenant_id, id)\n);\n"
    );
    let everything = create_table_sql(EVERYTHING);
    for line in [
        "code varchar(20) NOT NULL",
        "\"order\" text,",
        "price_currency varchar(3),",
        "stock_unit varchar(8) NOT NULL",
        "colour varchar(9) NOT NULL",
        "UNIQUE (tenant_id, code)",
        "FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, id)",
    ] {
        assert!(everything.contains(line), "{line} is not in\n{everything}");
    }
    check("test_branches", "test_branches", &[]);
}

#[test]
fn what_is_as_good_is_accepted() {
    check("varchar(20)", "varchar(60)", &[]);
    check("varchar(20)", "text", &[]);
    check("home varchar(3)", "home char(3)", &[]);
    check("seats integer", "seats INT4", &[]);
    check("weight numeric(19,6)", "weight NUMERIC (19, 6)", &[]);
    check("seen_at timestamptz", "seen_at timestamp with time zone", &[]);
    check("    is_open boolean", "    note text,\n    level integer NOT NULL DEFAULT 1,\n    is_open boolean", &[]);
    check(
        "UNIQUE (tenant_id, code),\n    FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, id)\n);",
        "FOREIGN KEY (tenant_id, branch) REFERENCES test_branches\n);\n\
         CREATE UNIQUE INDEX code_once ON test_everything (tenant_id, code) WHERE deleted_at IS NULL;",
        &[],
    );
}

#[test]
fn a_missing_table_or_column_is_named() {
    for test in empty_databases() {
        let found = problems(&test, &[Branch::META]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "`test_branches`: expected a table, found none");
        assert_eq!(found[0].mend, create_table_sql(Branch::META));
        sql(&test, &found[0].mend);
        assert_eq!(problems(&test, &[Branch::META]), []);
    }
    check(
        "    seats integer NOT NULL,\n    distance",
        "    distance",
        &["`test_everything.seats`: expected a column of type `integer`, found none"],
    );
    let line = "expected a column of type";
    check(
        "    version bigint NOT NULL,\n    created_at timestamptz NOT NULL,\n    created_by uuid NOT NULL,\n",
        "",
        &[
            &format!("`test_vehicles.version`: {line} `bigint`, found none"),
            &format!("`test_vehicles.created_at`: {line} `timestamptz`, found none"),
            &format!("`test_vehicles.created_by`: {line} `uuid`, found none"),
            &format!("`test_everything.version`: {line} `bigint`, found none"),
            &format!("`test_everything.created_at`: {line} `timestamptz`, found none"),
            &format!("`test_everything.created_by`: {line} `uuid`, found none"),
        ],
    );
    check(
        "    \"order\" text,\n    is_open boolean NOT NULL,\n",
        "",
        &[
            "`test_everything.order`: expected a column of type `text`, found none",
            "`test_everything.is_open`: expected a column of type `boolean`, found none",
        ],
    );
}

#[test]
fn another_type_is_named() {
    check("due date", "due text", &["`test_everything.due`: expected `date`, found `text`"]);
    check(
        "weight numeric(19,6)",
        "weight numeric(10,2)",
        &["`test_everything.weight`: expected `numeric(19,6)`, found `numeric(10,2)`"],
    );
    check(
        "varchar(20)",
        "varchar(10)",
        &["`test_everything.code`: expected `text` or `varchar(20)`, found `varchar(10)`"],
    );
    check(
        "varchar(9)",
        "varchar(8)",
        &["`test_everything.colour`: expected `text` or `varchar(9)`, found `varchar(8)`"],
    );
    check(
        "    unit varchar(8)",
        "    unit char(8)",
        &["`test_everything.unit`: expected `text` or `varchar(8)`, found `char(8)`"],
    );
    check(
        "\"order\" text",
        "\"order\" varchar(50)",
        &["`test_everything.order`: expected `text`, found `varchar(50)`"],
    );
}

#[test]
fn wrong_nullability_is_named() {
    check(
        "code varchar(20) NOT NULL",
        "code varchar(20)",
        &["`test_everything.code`: expected `NOT NULL`, found nullable"],
    );
    check(
        "distance bigint",
        "distance bigint NOT NULL",
        &["`test_everything.distance`: expected nullable, found `NOT NULL`"],
    );
    check(
        "    is_open boolean",
        "    shelf integer NOT NULL,\n    is_open boolean",
        &["`test_everything.shelf`: expected a field, a default, or nullable, found `NOT NULL` without either"],
    );
}

#[test]
fn missing_keys_are_named() {
    let missing = "`test_everything.code`: expected `UNIQUE (tenant_id, code)`, found none";
    check("    UNIQUE (tenant_id, code),\n", "", &[missing]);
    check("UNIQUE (tenant_id, code)", "UNIQUE (code)", &[missing]);

    let key = "FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, id)";
    let missing = |of: &str, found: &str| format!("`{of}.branch`: expected `{key}`, found {found}");
    let both = [missing("test_vehicles", "none"), missing("test_everything", "none")];
    check(&format!(",\n    {key}"), "", &[both[0].as_str(), both[1].as_str()]);
}

#[test]
fn a_reference_or_key_without_the_tenant_is_named() {
    for test in empty_databases() {
        sql(
            &test,
            "CREATE TABLE test_branches (tenant_id uuid NOT NULL, id uuid NOT NULL PRIMARY KEY, name text NOT NULL)",
        );
        let text = create_table_sql(EVERYTHING).replace("(tenant_id, branch)", "(branch)");
        sql(&test, &text.replace("test_branches (tenant_id, id)", "test_branches (id)"));
        let found = problems(&test, &[Branch::META, EVERYTHING]);
        let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "`test_branches`: expected `PRIMARY KEY (tenant_id, id)`, found `(id)`",
                "`test_everything.branch`: expected `FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, \
             id)`, found `FOREIGN KEY (branch) REFERENCES test_branches (id)`",
            ]
        );
    }
    let key = "    name text NOT NULL,\n    PRIMARY KEY (tenant_id, id)";
    for test in empty_databases() {
        let text = create_table_sql(Branch::META);
        sql(&test, &text.replace(key, "    name text NOT NULL,\n    PRIMARY KEY (id)"));
        let found = problems(&test, &[Branch::META]);
        let mend = Migration::new("0001_mend", found[0].mend.clone(), "");
        Migrator::new(&test.db).with_module("test", &[], [mend]).up().unwrap();
        assert_eq!(problems(&test, &[Branch::META]), [], "{}", test.name);
    }
}

#[test]
fn mending_keeps_the_rows() {
    for test in empty_databases() {
        let (tenant, branch) = match test.db.backend() {
            Backend::Sqlite => ("x'00'", "x'01'"),
            Backend::Postgres => ("'00000000-0000-0000-0000-000000000000'", "'00000000-0000-0000-0000-000000000001'"),
        };
        sql(&test, &create_table_sql(Branch::META).replace("name text NOT NULL", "name text"));
        sql(
            &test,
            "CREATE TABLE test_desks (tenant_id uuid, branch uuid, FOREIGN KEY (tenant_id, branch) REFERENCES test_branches (tenant_id, id))",
        );
        sql(&test, &format!("INSERT INTO test_branches VALUES ({tenant}, {branch}, 'Nord')"));
        sql(&test, &format!("INSERT INTO test_desks VALUES ({tenant}, {branch})"));
        let mend = Migration::new("0001_mend", problems(&test, &[Branch::META])[0].mend.clone(), "");
        Migrator::new(&test.db).with_module("test", &[], [mend]).up().unwrap();
        assert_eq!(problems(&test, &[Branch::META]), []);
        let error = try_sql(&test, &format!("INSERT INTO test_branches VALUES ({tenant}, {branch}, 'Nord')"));
        assert!(error.unwrap_err().to_lowercase().contains("unique"), "{}: the row is gone", test.name);
        assert!(try_sql(&test, "DELETE FROM test_branches").is_err(), "{}: the reference is gone", test.name);
    }
}

#[test]
fn a_table_has_at_most_32_columns() {
    const NAMES: [&str; 31] = [
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7",
        "b8", "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0",
    ];
    for (count, expected) in [(30, 0), (31, 1)] {
        let mut fields = vec![FieldMeta::of::<Id<Vehicle>>("id", &["id"])];
        for name in NAMES.iter().take(count) {
            fields.push(field(name, vec![*name].leak(), FieldKind::Bool, false));
        }
        let wide = Meta {
            name: "Wide",
            table: "test_wide",
            fields: fields.leak(),
            versioned: false,
            audited: false,
            soft_delete: false,
            tenant: true,
            external: None,
            company: false,
        };
        let wide: &'static Meta = Box::leak(Box::new(wide));
        for test in empty_databases() {
            sql(&test, &create_table_sql(wide));
            let found = problems(&test, vec![wide].leak());
            assert_eq!(found.len(), expected, "{found:?}");
            let line = "`test_wide`: expected at most 32 columns, found 33 columns";
            assert!(found.iter().all(|problem| problem.to_string() == line));
        }
    }
}

#[test]
fn all_problems_are_one_error_with_the_sql_that_mends_them() {
    for test in empty_databases() {
        let require = |test: &TestDb| test.work(Id::new()).read_blocking(|tx| require_schema(tx, &ALL));
        let error = require(&test).unwrap_err();
        assert_eq!(error.code(), "schema.differs");
        assert_eq!(error.message().lines().count(), 4);
        let help = error.help().unwrap();
        sql(&test, help.split_once('\n').unwrap().1);
        require(&test).unwrap();
    }
}
