::codexion::__private::diesel::table! {
    use ::codexion::__private::data::column_types:: *; #[doc =
    "The table of [`Vehicle`](super::Vehicle)."] #[allow(missing_docs)]
    fleet_vehicles(id) { id -> Guid, plate -> Text, branch -> Nullable < Guid >, place ->
    Text, price -> BigInt, price_currency -> Text, tank -> Nullable < Fixed >, tank_unit
    -> Nullable < Text >, seats -> Integer, registered_on -> Day, driver -> Nullable <
    Text >, sold -> Bool, tenant_id -> Guid, version -> BigInt, created_at -> Instant,
    created_by -> Guid, updated_at -> Instant, updated_by -> Guid, deleted_at -> Nullable
    < Instant >, }
}
const _: () = {
    use ::codexion::__private::{core as __core, data as __data, diesel as __diesel};
    impl __diesel::deserialize::Queryable<<Vehicle as __data::Columns>::Sql, __data::Db>
    for Vehicle {
        type Row = __data::Loaded<Self>;
        fn build(row: Self::Row) -> __diesel::deserialize::Result<Self> {
            Ok(row.0)
        }
    }
    impl __diesel::expression::Selectable<__data::Db> for Vehicle {
        type SelectExpression = (
            fleet_vehicles::id,
            fleet_vehicles::plate,
            fleet_vehicles::branch,
            fleet_vehicles::place,
            fleet_vehicles::price,
            fleet_vehicles::price_currency,
            fleet_vehicles::tank,
            fleet_vehicles::tank_unit,
            fleet_vehicles::seats,
            fleet_vehicles::registered_on,
            fleet_vehicles::driver,
            fleet_vehicles::sold,
        );
        fn construct_selection() -> Self::SelectExpression {
            __data::selection()
        }
    }
    impl __data::Scoped for Vehicle {
        type Table = fleet_vehicles::table;
        type Predicate = __data::TenantIs<fleet_vehicles::tenant_id>;
    }
    #[allow(dead_code)]
    impl Vehicle {
        /// The table, filtered to the tenant: everything of plain diesel goes after it.
        pub fn query(tx: &__data::ReadTx) -> __data::Scope<Self> {
            <Self as __data::Scoped>::scoped(tx)
        }
        /// The tenant's predicate alone, for updates, deletes, `exists` and aliases.
        pub fn scope(tx: &__data::ReadTx) -> <Self as __data::Scoped>::Predicate {
            <Self as __data::Scoped>::predicate(tx)
        }
    }
    impl __data::Writable for Vehicle {}
    const _: () = __data::shared_target::<Branch>();
    impl __data::Entity for Vehicle {
        type Key = Id<Vehicle>;
        const META: &'static __data::Meta = &__data::Meta {
            name: "Vehicle",
            table: "fleet_vehicles",
            fields: &[
                __data::FieldMeta::of::<Id<Vehicle>>("id", &["id"]),
                __data::FieldMeta::of::<String>("plate", &["plate"])
                    .unique()
                    .max_len(12)
                    .pattern("[A-Z0-9-]+"),
                __data::FieldMeta::of::<Option<Id<Branch>>>("branch", &["branch"])
                    .references::<Option<Id<Branch>>, Branch>(),
                __data::FieldMeta::of::<Place>("place", &["place"]),
                __data::FieldMeta::of::<Money>("price", &["price", "price_currency"])
                    .min("0"),
                __data::FieldMeta::of::<
                    Option<Quantity>,
                >("tank", &["tank", "tank_unit"]),
                __data::FieldMeta::of::<i32>("seats", &["seats"]).min("1").max("60"),
                __data::FieldMeta::of::<Date>("registered_on", &["registered_on"]),
                __data::FieldMeta::of::<Option<String>>("driver", &["driver"])
                    .max_len(100)
                    .pii("person"),
                __data::FieldMeta::of::<bool>("sold", &["sold"]).read_only(),
            ],
            tenant: true,
            company: false,
            versioned: true,
            audited: true,
            soft_delete: true,
            external: ::core::option::Option::None,
        };
        fn key(&self) -> Self::Key {
            self.id
        }
        fn put(&self, out: &mut ::std::vec::Vec<__data::Value>) {
            __data::Field::put(&self.id, out);
            __data::Field::put(&self.plate, out);
            __data::Field::put(&self.branch, out);
            __data::Field::put(&self.place, out);
            __data::Field::put(&self.price, out);
            __data::Field::put(&self.tank, out);
            __data::Field::put(&self.seats, out);
            __data::Field::put(&self.registered_on, out);
            __data::Field::put(&self.driver, out);
            __data::Field::put(&self.sold, out);
        }
        fn take<S: __data::Source>(from: &mut S) -> __core::Result<Self, S::Error> {
            Ok(Self {
                id: __data::Field::take(from)?,
                plate: __data::Field::take(from)?,
                branch: __data::Field::take(from)?,
                place: __data::Field::take(from)?,
                price: __data::Field::take(from)?,
                tank: __data::Field::take(from)?,
                seats: __data::Field::take(from)?,
                registered_on: __data::Field::take(from)?,
                driver: __data::Field::take(from)?,
                sold: __data::Field::take(from)?,
            })
        }
    }
};
