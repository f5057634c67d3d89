const _: () = {
    use ::codexion::__private::{core as __core, data as __data};
    impl __data::TypedFields for Delivery {
        type Entity = crm::Party;
        fn definitions() -> ::std::vec::Vec<__data::FieldDefinition> {
            ::std::vec![
                __data::FieldDefinition { max_len : ::core::option::Option::Some(40),
                group : ::core::option::Option::Some("Delivery".into()), pii :
                ::core::option::Option::Some("place".into()), labels : [("en".into(),
                "Gate or dock".into())].into(), ..__data::FieldDefinition::of:: < String
                > ("gate") }, __data::FieldDefinition { required : true, default :
                ::core::option::Option::Some("front".into()), kind :
                __data::CustomKind::Choice, choices : ::std::vec!["front".into(), "back"
                .into()], ..__data::FieldDefinition::of:: < String > ("door") },
                __data::FieldDefinition { required : true, min :
                ::core::option::Option::Some("0".into()), max :
                ::core::option::Option::Some("99.5".into()), position : 1, default :
                ::core::option::Option::Some("5".into()), ..__data::FieldDefinition::of::
                < Decimal > ("distance") }, __data::FieldDefinition { required : true,
                references : ::core::option::Option::Some("fleet.vehicle".into()), labels
                : [("en".into(), "Lorry".into()), ("de".into(), "Lastwagen".into())]
                .into(), ..__data::FieldDefinition::of:: < Id < Vehicle > > ("lorry") }
            ]
        }
        fn read(extra: &__data::Extra) -> __core::Result<Self> {
            Ok(Self {
                gate: extra.get::<String>("gate")?,
                door: extra.get_or::<String>("door", "front")?,
                distance: extra.get_or::<Decimal>("distance", "5")?,
                lorry: extra.get::<Id<Vehicle>>("lorry")?,
            })
        }
        fn write(&self, extra: &mut __data::Extra) {
            extra.set_or_clear("gate", self.gate.as_ref());
            extra.set("door", &self.door);
            extra.set("distance", &self.distance);
            extra.set_or_clear("lorry", self.lorry.as_ref());
        }
    }
};
