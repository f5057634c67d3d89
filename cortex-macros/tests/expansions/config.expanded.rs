impl ::core::default::Default for FleetConfig {
    fn default() -> Self {
        Self {
            inspection_days: 365,
            workshop_key: ::core::default::Default::default(),
            mail: ::core::default::Default::default(),
        }
    }
}
impl ::codexion::__private::core::ConfigSection for FleetConfig {
    const KEY: &'static str = "fleet";
    fn fields() -> &'static [::codexion::__private::core::ConfigField] {
        const FIELDS: &[::codexion::__private::core::ConfigField] = &[
            ::codexion::__private::core::ConfigField {
                name: "inspection_days",
                help: "Days between two inspections",
                secret: false,
                required: false,
                one_of: &[],
                default: || ::codexion::__private::core::config::shown(
                    &<FleetConfig as ::core::default::Default>::default().inspection_days,
                ),
                nested: ::core::option::Option::None,
            },
            ::codexion::__private::core::ConfigField {
                name: "workshop_key",
                help: "What the workshop knows us by",
                secret: true,
                required: true,
                one_of: &[],
                default: ::std::string::String::new,
                nested: ::core::option::Option::None,
            },
            ::codexion::__private::core::ConfigField {
                name: "mail",
                help: "",
                secret: false,
                required: false,
                one_of: &[],
                default: ::std::string::String::new,
                nested: ::core::option::Option::Some(
                    <MailConfig as ::codexion::__private::core::ConfigSection>::fields,
                ),
            },
        ];
        FIELDS
    }
    fn read(
        reader: &mut ::codexion::__private::core::SectionReader<'_>,
    ) -> ::core::option::Option<Self> {
        #[allow(unused_variables, reason = "all fields may be nested")]
        let defaults = <Self as ::core::default::Default>::default();
        let read_inspection_days = reader
            .field("inspection_days", defaults.inspection_days);
        let read_workshop_key = reader.field("workshop_key", defaults.workshop_key);
        let read_mail = reader.nested("mail");
        ::core::option::Option::Some(Self {
            inspection_days: read_inspection_days?,
            workshop_key: read_workshop_key?,
            mail: read_mail?,
        })
    }
}
