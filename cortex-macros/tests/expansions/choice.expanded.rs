impl ::codexion::__private::core::Choice for Place {
    const ALL: &'static [Self] = &[Self::Yard, Self::Road];
    const NAMES: &'static [&'static str] = &["yard", "on_the_road"];
    fn as_str(&self) -> &'static str {
        match self {
            Self::Yard => "yard",
            Self::Road => "on_the_road",
        }
    }
    fn parse(text: &str) -> ::core::option::Option<Self> {
        match text {
            "yard" => ::core::option::Option::Some(Self::Yard),
            "on_the_road" => ::core::option::Option::Some(Self::Road),
            _ => ::core::option::Option::None,
        }
    }
}
impl ::core::fmt::Display for Place {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.pad(::codexion::__private::core::Choice::as_str(self))
    }
}
impl ::core::str::FromStr for Place {
    type Err = ::codexion::__private::core::ChoiceError;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        ::codexion::__private::core::choice::from_str(text)
    }
}
impl ::codexion::__private::core::__private::serde::Serialize for Place {
    fn serialize<S: ::codexion::__private::core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(::codexion::__private::core::Choice::as_str(self))
    }
}
impl<'de> ::codexion::__private::core::__private::serde::Deserialize<'de> for Place {
    fn deserialize<D: ::codexion::__private::core::__private::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::core::result::Result<Self, D::Error> {
        ::codexion::__private::core::choice::deserialize(deserializer)
    }
}
impl ::codexion::__private::core::__private::schemars::JsonSchema for Place {
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::core::convert::From::from("Place")
    }
    fn json_schema(
        _: &mut ::codexion::__private::core::__private::schemars::SchemaGenerator,
    ) -> ::codexion::__private::core::__private::schemars::Schema {
        ::codexion::__private::core::choice::schema(
            <Self as ::codexion::__private::core::Choice>::NAMES,
        )
    }
}
::codexion::__private::choice_sql!(Place);
