//! Statements that stay with a tenant, and statements that don't.

use super::{COMPANY, TENANT, leaks, text};

/// The leaks of `sql`, where `a`, `b` and `c` are tables of tenants and `shared` is not.
#[track_caller]
fn check(sql: &str, expected: &[&str]) {
    let tables = ["a", "b", "c"].map(str::to_owned).into();
    let found: Vec<String> = leaks(sql, TENANT, &tables).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "{sql}");
}

#[test]
fn a_predicate_of_ones_own_holds() {
    check("SELECT id FROM a WHERE tenant_id = $1", &[]);
    check("SELECT id FROM a WHERE id = $1", &["`a`"]);
    check("SELECT id FROM a", &["`a`"]);
    check("SELECT tenant_id FROM a ORDER BY tenant_id = $1", &["`a`"]);
    check(
        "SELECT \"a\".\"id\" FROM \"a\" WHERE ((\"a\".\"tenant_id\" = ?) AND (\"a\".\"id\" = ?)) -- binds: [1, 2]",
        &[],
    );
    check("SELECT id FROM a -- binds: [\"tenant_id = 1\"]", &["`a`"]);
    check("SELECT id FROM a /* WHERE tenant_id = 1 */ -- WHERE tenant_id = 1", &["`a`"]);
    check("SELECT id FROM a WHERE name = 'tenant_id = 1'", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id = $1::uuid AND n BETWEEN 1 AND 2", &[]);
    check("SELECT id FROM a WHERE tenant_id = ANY($1) FOR UPDATE", &[]);
    check("SELECT id FROM public.a WHERE a.tenant_id = $1", &[]);
    check("SELECT id FROM shared", &[]);
    check("SELECT count(*) AS a", &[]);
    check("SELECT x IS NOT DISTINCT FROM y FROM a WHERE tenant_id = 1", &[]);
}

#[test]
fn a_predicate_must_be_in_force_for_every_row() {
    check("SELECT id FROM a WHERE (tenant_id = $1 AND id = $2) OR id = $3", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id = $1 AND id = $2 OR id = $3", &["`a`"]);
    check("SELECT id FROM a WHERE (tenant_id = $1 AND id = $2) OR (tenant_id = $1 AND id = $3)", &[]);
    check("SELECT id FROM a WHERE tenant_id = $1 AND (id = $2 OR id = $3)", &[]);
    check("SELECT id FROM a WHERE NOT (tenant_id = $1)", &["`a`"]);
    check("SELECT id FROM a WHERE NOT tenant_id = $1", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id <> $1", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id >= $1", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id NOT IN ($1)", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id = tenant_id", &["`a`"]);
    check("SELECT id FROM a WHERE a.tenant_id = a.tenant_id", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id = a.other", &["`a`"]);
    check("SELECT id FROM a WHERE tenant_id = coalesce($1, tenant_id)", &["`a`"]);
    check("SELECT id FROM a WHERE CASE WHEN x AND tenant_id = $1 THEN 1 ELSE 1 END = 1", &["`a`"]);
}

#[test]
fn lists_and_rows_of_values_hold() {
    check("SELECT id FROM a WHERE tenant_id IN ($1, $2)", &[]);
    check("SELECT id FROM a WHERE (tenant_id, id) IN (($1, $2), ($1, $3))", &[]);
    check("SELECT id FROM a WHERE (id, name) IN (($1, $2))", &["`a`"]);
    check("SELECT id FROM a WHERE (a.tenant_id, a.id) = ($1, $2)", &[]);
    check("SELECT id FROM a WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM b WHERE tenant_id = $1)", &[]);
    check("SELECT id FROM a WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM b)", &["`b`"]);
}

#[test]
fn every_joined_table_needs_its_own() {
    check("SELECT 1 FROM a JOIN b ON a.tenant_id = b.tenant_id AND a.id = b.a WHERE a.tenant_id = $1", &[]);
    check("SELECT 1 FROM a JOIN b ON a.id = b.a WHERE a.tenant_id = $1", &["`b`"]);
    check("SELECT 1 FROM a JOIN b ON a.tenant_id = b.tenant_id", &["`a`", "`b`"]);
    check("SELECT 1 FROM a JOIN b ON a.id = b.a WHERE a.tenant_id = $1 AND b.tenant_id = a.tenant_id", &[]);
    check("SELECT 1 FROM a AS x JOIN a y ON y.tenant_id = x.tenant_id AND y.id = x.up WHERE x.tenant_id = $1", &[]);
    check("SELECT 1 FROM a AS x JOIN a y ON y.id = x.up WHERE x.tenant_id = $1", &["`a` (as `y`)"]);
    check("SELECT 1 FROM a x WHERE a.tenant_id = $1", &["`a` (as `x`)"]);
    check("SELECT 1 FROM a, b WHERE a.tenant_id = $1 AND b.tenant_id = $1", &[]);
    check("SELECT 1 FROM a, b WHERE a.tenant_id = $1", &["`b`"]);
    check("SELECT 1 FROM a CROSS JOIN b WHERE a.tenant_id = $1", &["`b`"]);
    check("SELECT 1 FROM (a INNER JOIN b ON b.tenant_id = $1) WHERE a.tenant_id = $1", &[]);
    check(
        "SELECT 1 FROM (\"a\" INNER JOIN \"b\" ON (\"b\".\"a\" = \"a\".\"id\")) WHERE (\"a\".\"tenant_id\" = ?)",
        &["`b`"],
    );
    check("SELECT 1 FROM a JOIN b USING (tenant_id, id) WHERE a.tenant_id = $1", &[]);
    check("SELECT 1 FROM a JOIN b USING (id) WHERE a.tenant_id = $1", &["`b`"]);
    check("SELECT 1 FROM a NATURAL JOIN b WHERE a.tenant_id = $1", &[]);
    check("SELECT 1 FROM a JOIN shared s ON s.id = a.shared WHERE a.tenant_id = $1", &[]);
    check("SELECT 1 FROM a JOIN shared s ON s.tenant_id = a.tenant_id", &["`a`"]);
    let chain = "SELECT 1 FROM a JOIN b ON b.tenant_id = a.tenant_id JOIN c ON c.tenant_id = b.tenant_id";
    check(chain, &["`a`", "`b`", "`c`"]);
    check(&format!("{chain} WHERE c.tenant_id = $1"), &[]);
}

#[test]
fn the_condition_of_an_outer_join_holds_the_joined_side() {
    check("SELECT 1 FROM a LEFT JOIN b ON b.tenant_id = a.tenant_id WHERE a.tenant_id = $1", &[]);
    check("SELECT 1 FROM a LEFT OUTER JOIN b ON b.tenant_id = $1 WHERE a.id = $2", &["`a`"]);
    check("SELECT 1 FROM a LEFT JOIN b ON b.tenant_id = $1 AND a.tenant_id = $1", &["`a`"]);
    check("SELECT 1 FROM a RIGHT JOIN b ON b.tenant_id = $1 AND a.tenant_id = $1", &["`b`"]);
    check("SELECT 1 FROM a FULL JOIN b ON b.tenant_id = $1 AND a.tenant_id = $1", &["`a`", "`b`"]);
    check("SELECT 1 FROM a LEFT JOIN b ON b.x = 1 JOIN c ON c.tenant_id = a.tenant_id WHERE a.tenant_id = 1", &["`b`"]);
}

#[test]
fn queries_within_queries_are_looked_at() {
    check("SELECT 1 FROM a WHERE tenant_id = 1 AND EXISTS (SELECT 1 FROM b WHERE b.a = a.id)", &["`b`"]);
    check("SELECT 1 FROM a WHERE tenant_id = 1 AND EXISTS (SELECT 1 FROM b WHERE b.tenant_id = a.tenant_id)", &[]);
    check("SELECT 1 FROM a WHERE tenant_id = 1 AND id IN (SELECT a FROM b)", &["`b`"]);
    check("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE tenant_id = 1)", &["`a`"]);
    check("SELECT (SELECT max(n) FROM b), x FROM a WHERE tenant_id = 1", &["`b`"]);
    check("SELECT coalesce((SELECT max(n) FROM b WHERE tenant_id = 1), 0)", &[]);
    check("SELECT 1 FROM (SELECT id FROM a) AS x", &["`a`"]);
    check("SELECT 1 FROM (SELECT tenant_id FROM a WHERE tenant_id = 1) x JOIN b ON b.tenant_id = x.tenant_id", &[]);
    check("SELECT 1 FROM a WHERE tenant_id = 1 UNION ALL SELECT 1 FROM b", &["`b`"]);
    check("(SELECT 1 FROM a) UNION (SELECT 1 FROM b WHERE tenant_id = 1)", &["`a`"]);
    check("SELECT 1 FROM unnest($1) AS u (id) JOIN a ON a.id = u.id", &["`a`"]);
    check("EXPLAIN QUERY PLAN SELECT 1 FROM a", &["`a`"]);
}

#[test]
fn what_with_names_is_held_where_it_is_defined() {
    check("WITH x AS (SELECT id FROM a WHERE tenant_id = 1) SELECT 1 FROM x", &[]);
    check("WITH x AS (SELECT id FROM a), y (n) AS (SELECT 1 FROM b) SELECT 1 FROM x, y", &["`a`", "`b`"]);
    let tree = "WITH RECURSIVE tree AS (SELECT id, tenant_id FROM a WHERE tenant_id = $1 UNION ALL \
                SELECT c.id, c.tenant_id FROM a c JOIN tree ON c.up = tree.id";
    check(&format!("{tree} AND c.tenant_id = tree.tenant_id) SELECT id FROM tree"), &[]);
    check(&format!("{tree}) SELECT id FROM tree"), &["`a` (as `c`)"]);
}

#[test]
fn what_is_changed_is_held_too() {
    check("UPDATE a SET n = 1 WHERE tenant_id = $1 AND id = $2", &[]);
    check("UPDATE a SET tenant_id = $1", &["`a`"]);
    check("UPDATE a SET n = (SELECT max(n) FROM b) WHERE tenant_id = 1", &["`b`"]);
    check("UPDATE a AS x SET n = b.n FROM b WHERE x.tenant_id = $1 AND b.tenant_id = x.tenant_id", &[]);
    check("UPDATE a SET n = b.n FROM b WHERE a.tenant_id = $1 RETURNING b.tenant_id = $1", &["`b`"]);
    check("UPDATE OR IGNORE a SET n = 1", &["`a`"]);
    check("DELETE FROM a WHERE tenant_id = $1", &[]);
    check("DELETE FROM a", &["`a`"]);
    check("DELETE FROM a USING b WHERE a.tenant_id = $1", &["`b`"]);
    check("UPDATE a SET n = 1 WHERE tenant_id = 1; DELETE FROM b", &["`b`"]);
}

#[test]
fn an_insert_names_the_column() {
    check("INSERT INTO a (tenant_id, id) VALUES ($1, $2)", &[]);
    check(
        "INSERT INTO \"a\" (\"tenant_id\", \"id\") VALUES ($1, $2) ON CONFLICT (tenant_id, id) DO UPDATE SET n = 1",
        &[],
    );
    check("INSERT INTO a (id) VALUES ($1)", &["`a`"]);
    check("INSERT INTO a VALUES ($1, $2)", &["`a`"]);
    check("INSERT INTO a DEFAULT VALUES", &["`a`"]);
    check("INSERT OR REPLACE INTO a (id) VALUES (1)", &["`a`"]);
    check("INSERT INTO a (tenant_id, n) SELECT tenant_id, n FROM b", &["`b`"]);
    check("INSERT INTO a (tenant_id, n) SELECT $1, n FROM b WHERE tenant_id = $1 ON CONFLICT DO NOTHING", &[]);
    check("INSERT INTO a (tenant_id, n) VALUES ($1, (SELECT max(n) FROM b))", &["`b`"]);
    check("INSERT INTO shared (id) VALUES (1)", &[]);
}

#[test]
fn definitions_are_not_looked_at() {
    check("CREATE TRIGGER t BEFORE UPDATE ON a BEGIN UPDATE b SET n = 1; DELETE FROM a; END", &[]);
    check("CREATE TABLE a (tenant_id uuid, id uuid)", &[]);
    check("DROP TABLE a", &[]);
    check("PRAGMA table_info(a)", &[]);
    check("DO $body$ DELETE FROM a; $body$; SELECT 1 FROM b", &["`b`"]);
}

#[test]
fn a_statement_is_told_from_its_values() {
    assert_eq!(text("SELECT ? -- binds: [\"x\"]"), "SELECT ?");
    assert_eq!(text("SELECT 1"), "SELECT 1");
}

#[test]
fn companies_are_looked_for_as_tenants_are() {
    let tables = ["a", "b"].map(str::to_owned).into();
    let found = |sql: &str| leaks(sql, COMPANY, &tables).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(found("SELECT id FROM a WHERE tenant_id = $1"), ["`a`"]);
    assert!(found("SELECT id FROM a WHERE tenant_id = $1 AND company_id = $2").is_empty());
    assert!(found("SELECT 1 FROM a JOIN b ON b.company_id = a.company_id WHERE a.company_id = $1").is_empty());
    assert_eq!(found("SELECT 1 FROM a JOIN b ON b.tenant_id = a.tenant_id WHERE a.company_id = $1"), ["`b`"]);
    assert_eq!(found("INSERT INTO a (tenant_id, id) VALUES ($1, $2)"), ["`a`"]);
}
