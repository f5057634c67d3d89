impl ::codexion::__private::core::Module for Fleet {
    fn manifest(&self) -> ::codexion::__private::core::Manifest {
        ::codexion::__private::core::Manifest::new(
                "fleet",
                ::core::env!("CARGO_PKG_VERSION"),
            )
            .about("Vehicles of a company.")
            .needs(const {
                &[::codexion::__private::core::ModuleNeed::new("finance", ">=1, <2")]
            })
            .optional(const {
                &[::codexion::__private::core::ModuleNeed::new("crm", "*")]
            })
            .migrations(const {
                &[
                    ::codexion::__private::core::MigrationFile {
                        name: "0001_vehicles",
                        up: ::core::include_str!(
                            ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"),
                            "/tests/expansions/migrations/0001_vehicles/up.sql")
                        ),
                        down: ::core::include_str!(
                            ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"),
                            "/tests/expansions/migrations/0001_vehicles/down.sql")
                        ),
                        up_sqlite: ::core::option::Option::None,
                        up_postgres: ::core::option::Option::None,
                        down_sqlite: ::core::option::Option::None,
                        down_postgres: ::core::option::Option::None,
                    },
                ]
            })
    }
    fn register(&self, m: &mut ::codexion::__private::core::Registrar) {
        ::codexion::__private::core::Registers::register(self, m);
    }
}
