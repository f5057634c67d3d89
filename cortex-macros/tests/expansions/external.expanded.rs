::codexion::__private::diesel::table! {
    use ::codexion::__private::data::column_types:: *; #[doc =
    "The table of [`Customer`](super::Customer)."] #[allow(missing_docs)] #[sql_name =
    "KUNDEN"] kunden(number) { #[sql_name = "KUNDNR"] number -> Integer, #[sql_name =
    "NAME1"] name -> Text, #[sql_name = "SALDO"] balance -> BigInt, #[sql_name =
    "WAEHRUNG"] balance_currency -> Text, }
}
const _: () = {
    use ::codexion::__private::{core as __core, data as __data, diesel as __diesel};
    impl __diesel::deserialize::Queryable<<Customer as __data::Columns>::Sql, __data::Db>
    for Customer {
        type Row = __data::Loaded<Self>;
        fn build(row: Self::Row) -> __diesel::deserialize::Result<Self> {
            Ok(row.0)
        }
    }
    impl __diesel::expression::Selectable<__data::Db> for Customer {
        type SelectExpression = (
            kunden::number,
            kunden::name,
            kunden::balance,
            kunden::balance_currency,
        );
        fn construct_selection() -> Self::SelectExpression {
            __data::selection()
        }
    }
    #[allow(dead_code)]
    impl Customer {
        /// The table, without rows where they belong to another tenant: everything of plain diesel goes after it.
        pub fn query(tx: &__data::ReadTx) -> __data::OpenRows<kunden::table> {
            __data::open_rows::<Self, kunden::table>(tx)
        }
    }
    impl __data::Writable for Customer {}
    impl __data::Entity for Customer {
        type Key = i32;
        const META: &'static __data::Meta = &__data::Meta {
            name: "Customer",
            table: "KUNDEN",
            fields: &[
                __data::FieldMeta::of::<i32>("number", &["KUNDNR"]),
                __data::FieldMeta::of::<String>("name", &["NAME1"]).max_len(40),
                __data::FieldMeta::of::<Money>("balance", &["SALDO", "WAEHRUNG"]),
            ],
            tenant: false,
            company: false,
            versioned: false,
            audited: false,
            soft_delete: false,
            external: ::core::option::Option::Some(__data::External {
                one_tenant: false,
                read_only: false,
                generates_keys: true,
            }),
        };
        fn key(&self) -> Self::Key {
            self.number
        }
        fn put(&self, out: &mut ::std::vec::Vec<__data::Value>) {
            __data::Field::put(&self.number, out);
            __data::Field::put(&self.name, out);
            __data::Field::put(&self.balance, out);
        }
        fn take<S: __data::Source>(from: &mut S) -> __core::Result<Self, S::Error> {
            Ok(Self {
                number: __data::Field::take(from)?,
                name: __data::Field::take(from)?,
                balance: __data::Field::take(from)?,
            })
        }
    }
};
