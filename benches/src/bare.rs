//! A hand-written loop: the statements of a posting on a bare connection, prepared once, with nothing around them.

use codexion::core::{Date, TenantId, Timestamp};
use codexion::data::sqltype::{Day, Guid, Instant, Json};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Integer, Text, Untyped};
use uuid::Uuid;

/// A value of a statement.
#[derive(Debug, Clone)]
pub enum Bare {
    /// `uuid`
    Guid(Uuid),
    /// `text`
    Text(String),
    /// `bigint`
    Big(i64),
    /// `integer`
    Int(i32),
    /// `boolean`
    Bool(bool),
    /// `date`
    Day(Date),
    /// `timestamptz`
    Instant(Timestamp),
    /// `jsonb`
    Json(serde_json::Value),
}

/// A statement: its text with `?` where a value goes, and the values.
#[derive(Debug)]
pub struct BareStatement {
    text: &'static [String],
    values: Vec<Bare>,
}

impl BareStatement {
    /// A statement of pieces of text, with a value between each two.
    #[must_use]
    pub fn new(text: &'static [String], values: Vec<Bare>) -> Self {
        assert_eq!(text.len(), values.len() + 1, "{text:?}");
        Self { text, values }
    }
}

impl<DB> QueryFragment<DB> for BareStatement
where
    DB: Backend
        + HasSqlType<Guid>
        + HasSqlType<Text>
        + HasSqlType<BigInt>
        + HasSqlType<Integer>
        + HasSqlType<Bool>
        + HasSqlType<Day>
        + HasSqlType<Instant>
        + HasSqlType<Json>,
    Uuid: ToSql<Guid, DB>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    i32: ToSql<Integer, DB>,
    bool: ToSql<Bool, DB>,
    Date: ToSql<Day, DB>,
    Timestamp: ToSql<Instant, DB>,
    serde_json::Value: ToSql<Json, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (place, piece) in self.text.iter().enumerate() {
            out.push_sql(piece);
            match self.values.get(place) {
                Some(Bare::Guid(v)) => out.push_bind_param::<Guid, _>(v)?,
                Some(Bare::Text(v)) => out.push_bind_param::<Text, _>(v)?,
                Some(Bare::Big(v)) => out.push_bind_param::<BigInt, _>(v)?,
                Some(Bare::Int(v)) => out.push_bind_param::<Integer, _>(v)?,
                Some(Bare::Bool(v)) => out.push_bind_param::<Bool, _>(v)?,
                Some(Bare::Day(v)) => out.push_bind_param::<Day, _>(v)?,
                Some(Bare::Instant(v)) => out.push_bind_param::<Instant, _>(v)?,
                Some(Bare::Json(v)) => out.push_bind_param::<Json, _>(v)?,
                None => {}
            }
        }
        Ok(())
    }
}

impl QueryId for BareStatement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for BareStatement {
    type SqlType = Untyped;
}

impl<C: Connection> RunQueryDsl<C> for BareStatement {}

/// What a posting of the loop needs to know.
#[derive(Debug)]
pub struct BarePosting {
    /// Whose books.
    pub tenant: TenantId,
    /// The accounts of its lines.
    pub accounts: Vec<Uuid>,
    /// The period of its date.
    pub period: Uuid,
    /// The series of its number.
    pub series: Uuid,
    /// Its date.
    pub day: Date,
    /// Whether the server numbers messages itself.
    pub postgres: bool,
    texts: Texts,
}

#[derive(Debug)]
struct Texts {
    frame: &'static [String],
    header: &'static [String],
    lines: &'static [String],
    accounts: &'static [String],
    balances: &'static [String],
    series: &'static [String],
    seal: &'static [String],
    outbox: &'static [String],
}

/// Cuts a text at its question marks; once per run, so the memory may stay.
fn cut(text: &str) -> &'static [String] {
    text.split('?').map(str::to_owned).collect::<Vec<_>>().leak()
}

fn rows(count: usize, row: &str) -> String {
    vec![row; count].join(", ")
}

impl BarePosting {
    /// The loop for entries with these accounts, one line each.
    #[must_use]
    pub fn new(tenant: TenantId, accounts: Vec<Uuid>, period: Uuid, series: Uuid, day: Date, postgres: bool) -> Self {
        let count = accounts.len();
        let position = if postgres {
            "nextval('cortex_outbox_position'), pg_current_xact_id()::text::bigint"
        } else {
            "(SELECT coalesce(max(position), 0) FROM cortex_outbox) + 1, 0"
        };
        let main =
            if postgres { "'00000000-0000-0000-0000-000000000001'" } else { "x'00000000000000000000000000000001'" };
        let texts = Texts {
            frame: cut(&format!(
                "SELECT c.currency, c.locked_until, c.closed_until, p.id, p.first, p.last, p.state \
                 FROM finance_companies c LEFT JOIN finance_periods p ON p.tenant_id = c.tenant_id \
                 AND p.company_id = c.company_id AND p.first <= ? AND p.last >= ? WHERE c.tenant_id = ? \
                 AND c.company_id = {main}"
            )),
            header: cut(&format!(
                "INSERT INTO finance_entries (id, state, date, text, origin, written_at, written_by, tenant_id, \
                 company_id) VALUES (?, 'draft', ?, ?, ?, ?, ?, ?, {main})"
            )),
            lines: cut(&format!(
                "INSERT INTO finance_entry_lines (id, entry, position, account, debit, credit, text, tenant_id, company_id) \
                 VALUES {}",
                rows(count, &format!("(?, ?, ?, ?, ?, ?, ?, ?, {main})"))
            )),
            accounts: cut(&format!(
                "SELECT id, code, name, kind, parent, heading, reconcilable FROM finance_accounts WHERE tenant_id = ? \
                 AND company_id = {main} AND id IN ({})",
                rows(count, "?")
            )),
            balances: cut(&format!(
                "INSERT INTO finance_balances (tenant_id, account, period, currency, debit, credit, foreign_debit, \
                 foreign_credit, company_id) VALUES {} ON CONFLICT (tenant_id, company_id, account, period, currency) DO UPDATE SET \
                 debit = finance_balances.debit + excluded.debit, credit = finance_balances.credit + excluded.credit, \
                 foreign_debit = finance_balances.foreign_debit + excluded.foreign_debit, \
                 foreign_credit = finance_balances.foreign_credit + excluded.foreign_credit",
                rows(count, &format!("(?, ?, ?, 'EUR', ?, ?, 0, 0, {main})"))
            )),
            series: cut(&format!(
                "UPDATE finance_series SET last_number = last_number + 1, last_date = ? \
                 WHERE tenant_id = ? AND company_id = {main} AND id = ?"
            )),
            seal: cut(&format!(
                "UPDATE finance_entries SET state = 'posted', posted_at = ?, posted_by = ?, period = ?, series = ?, \
                 sequence = (SELECT last_number FROM finance_series WHERE tenant_id = ? AND company_id = {main} AND id = ?), \
                 number = ? WHERE tenant_id = ? AND company_id = {main} AND id = ? AND state = 'draft'"
            )),
            outbox: cut(&format!(
                "INSERT INTO cortex_outbox (position, txid, dispatched, id, tenant_id, kind, topic, version, payload, \
                 actor_id, trace, emitted_at, company_id) VALUES ({position}, ?, ?, ?, 'event', \
                 'finance.entry_posted', 1, ?, ?, ?, ?, {main})"
            )),
        };
        Self { tenant, accounts, period, series, day, postgres, texts }
    }

    /// Posts one entry in one transaction.
    ///
    /// # Errors
    /// The database refuses a statement.
    pub fn post<C>(&self, conn: &mut C, now: Timestamp) -> QueryResult<()>
    where
        C: Connection,
        BareStatement: QueryFragment<C::Backend>,
    {
        use Bare::{Big, Day, Guid, Instant, Int, Json, Text};
        let (tenant, actor, entry) = (Guid(self.tenant.uuid()), Guid(Uuid::from_u128(1)), Uuid::now_v7());
        let run = |conn: &mut C, text: &'static [String], values| {
            RunQueryDsl::execute(BareStatement::new(text, values), conn).map(|_| ())
        };
        let t = &self.texts;
        conn.transaction(|conn| {
            run(conn, t.frame, vec![Day(self.day), Day(self.day), tenant.clone()])?;
            let header = vec![
                Guid(entry),
                Day(self.day),
                Text("bench".into()),
                Text("manual".into()),
                Instant(now),
                actor.clone(),
                tenant.clone(),
            ];
            run(conn, t.header, header)?;
            let lines = self.accounts.iter().enumerate().flat_map(|(place, account)| {
                let debit = place % 2 == 0;
                let (debit, credit) = (i64::from(debit) * 100, i64::from(!debit) * 100);
                let position = Int(i32::try_from(place).unwrap_or(0) + 1);
                let (id, entry, account) = (Guid(Uuid::now_v7()), Guid(entry), Guid(*account));
                [id, entry, position, account, Big(debit), Big(credit), Text(String::new()), tenant.clone()]
            });
            run(conn, t.lines, lines.collect())?;
            let wanted = std::iter::once(tenant.clone()).chain(self.accounts.iter().copied().map(Guid));
            run(conn, t.accounts, wanted.collect())?;
            let balances = self.accounts.iter().enumerate().flat_map(|(place, account)| {
                let debit = place % 2 == 0;
                let (debit, credit) = (i64::from(debit) * 100, i64::from(!debit) * 100);
                [tenant.clone(), Guid(*account), Guid(self.period), Big(debit), Big(credit)]
            });
            run(conn, t.balances, balances.collect())?;
            run(conn, t.series, vec![Day(self.day), tenant.clone(), Guid(self.series)])?;
            let seal = vec![
                Instant(now),
                actor.clone(),
                Guid(self.period),
                Guid(self.series),
                tenant.clone(),
                Guid(self.series),
                Text("2026-000001".into()),
                tenant.clone(),
                Guid(entry),
            ];
            run(conn, t.seal, seal)?;
            let payload = serde_json::json!({ "id": entry, "number": "2026-000001", "date": self.day.to_string() });
            let message = vec![
                Bare::Bool(false),
                Guid(Uuid::now_v7()),
                tenant.clone(),
                Json(payload),
                actor.clone(),
                Guid(Uuid::now_v7()),
                Instant(now),
            ];
            run(conn, t.outbox, message)
        })
    }
}
