::codexion::__private::diesel::table! {
    use ::codexion::__private::data::column_types:: *; #[doc =
    "The table of [`Till`](super::Till)."] #[allow(missing_docs)] shop_tills(id) { id ->
    Guid, code -> Text, shop -> Guid, tenant_id -> Guid, company_id -> Guid, }
}
const _: () = {
    use ::codexion::__private::{core as __core, data as __data, diesel as __diesel};
    impl __diesel::deserialize::Queryable<<Till as __data::Columns>::Sql, __data::Db>
    for Till {
        type Row = __data::Loaded<Self>;
        fn build(row: Self::Row) -> __diesel::deserialize::Result<Self> {
            Ok(row.0)
        }
    }
    impl __diesel::expression::Selectable<__data::Db> for Till {
        type SelectExpression = (shop_tills::id, shop_tills::code, shop_tills::shop);
        fn construct_selection() -> Self::SelectExpression {
            __data::selection()
        }
    }
    impl __data::Scoped for Till {
        type Table = shop_tills::table;
        type Predicate = __data::CompanyIs<
            shop_tills::tenant_id,
            shop_tills::company_id,
        >;
    }
    #[allow(dead_code)]
    impl Till {
        /// The table, filtered to the company: everything of plain diesel goes after it.
        pub fn query(tx: &__data::ReadTx) -> __data::Scope<Self> {
            <Self as __data::Scoped>::scoped(tx)
        }
        /// The company's predicate alone, for updates, deletes, `exists` and aliases.
        pub fn scope(tx: &__data::ReadTx) -> <Self as __data::Scoped>::Predicate {
            <Self as __data::Scoped>::predicate(tx)
        }
    }
    impl __data::Writable for Till {}
    impl __data::Entity for Till {
        type Key = Id<Till>;
        const META: &'static __data::Meta = &__data::Meta {
            name: "Till",
            table: "shop_tills",
            fields: &[
                __data::FieldMeta::of::<Id<Till>>("id", &["id"]),
                __data::FieldMeta::of::<String>("code", &["code"]).unique().max_len(20),
                __data::FieldMeta::of::<Id<Shop>>("shop", &["shop"])
                    .references::<Id<Shop>, Shop>(),
            ],
            tenant: true,
            company: true,
            versioned: false,
            audited: false,
            soft_delete: false,
            external: ::core::option::Option::None,
        };
        fn key(&self) -> Self::Key {
            self.id
        }
        fn put(&self, out: &mut ::std::vec::Vec<__data::Value>) {
            __data::Field::put(&self.id, out);
            __data::Field::put(&self.code, out);
            __data::Field::put(&self.shop, out);
        }
        fn take<S: __data::Source>(from: &mut S) -> __core::Result<Self, S::Error> {
            Ok(Self {
                id: __data::Field::take(from)?,
                code: __data::Field::take(from)?,
                shop: __data::Field::take(from)?,
            })
        }
    }
};
