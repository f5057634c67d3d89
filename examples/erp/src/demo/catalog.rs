//! What the demo company sells, and with whom it trades: invented, and the same for everybody.

/// A product of the range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Good {
    pub(super) sku: &'static str,
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    /// Which of [`SUPPLIERS`].
    pub(super) supplier: usize,
    /// What one costs, in cents.
    pub(super) cost: i64,
    /// What one is sold for, in cents and without tax.
    pub(super) price: i64,
    /// How often it is ordered, compared with the others.
    pub(super) demand: u32,
    pub(super) season: Season,
}

impl Good {
    /// Whether shops order it by the dozen.
    pub(super) const fn is_cheap(&self) -> bool {
        self.price < 3_000
    }
}

/// When a product sells best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Summer,
    Winter,
    Always,
}

impl Season {
    /// Demand in a month, in percent of the year's mean.
    pub(super) fn percent(self, month: i8) -> u32 {
        match (self, month) {
            (Self::Summer, 4..=7) => 150,
            (Self::Summer, 10..=12 | 1) => 55,
            (Self::Winter, 10..=12 | 1) => 165,
            (Self::Winter, 4..=8) => 50,
            _ => 100,
        }
    }
}

use Season::{Always, Summer, Winter};

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn good(
    sku: &'static str,
    name: &'static str,
    category: &'static str,
    supplier: usize,
    cost: i64,
    price: i64,
    demand: u32,
    season: Season,
) -> Good {
    Good { sku, name, category, supplier, cost, price, demand, season }
}

/// The range.
pub(super) const GOODS: &[Good] = &[
    good("TE-101", "Tent Lech, 1 person", "Tents", 0, 9_840, 15_900, 5, Summer),
    good("TE-102", "Tent Inn, 2 persons", "Tents", 0, 13_450, 21_500, 7, Summer),
    good("TE-103", "Tent Salzach, 3 persons", "Tents", 0, 18_900, 29_900, 4, Summer),
    good("TE-104", "Family tent Attersee", "Tents", 0, 27_600, 43_900, 2, Summer),
    good("TE-110", "Tarp, 3 x 3 m", "Tents", 0, 3_720, 6_200, 6, Summer),
    good("TE-120", "Tent pegs, set of 10", "Tents", 0, 640, 1_190, 9, Summer),
    good("SL-201", "Sleeping bag Down 400", "Sleeping", 1, 14_200, 22_900, 5, Always),
    good("SL-202", "Sleeping bag Fibre 200", "Sleeping", 1, 4_950, 8_400, 8, Summer),
    good("SL-203", "Sleeping bag Winter 800", "Sleeping", 1, 22_800, 36_500, 3, Winter),
    good("SL-210", "Mat, self-inflating", "Sleeping", 1, 4_180, 6_900, 8, Summer),
    good("SL-211", "Mat, closed cell", "Sleeping", 1, 1_390, 2_490, 9, Summer),
    good("SL-220", "Travel pillow", "Sleeping", 1, 980, 1_790, 6, Always),
    good("KO-301", "Gas stove Spark", "Cooking", 2, 2_260, 3_890, 8, Summer),
    good("KO-302", "Gas stove Twin", "Cooking", 2, 4_870, 7_900, 4, Summer),
    good("KO-303", "Gas cartridge 230 g", "Cooking", 2, 270, 495, 10, Summer),
    good("KO-310", "Pot set, 2 pieces", "Cooking", 8, 2_090, 3_590, 6, Always),
    good("KO-311", "Steel mug", "Cooking", 8, 460, 890, 9, Always),
    good("KO-312", "Cutlery set, titanium", "Cooking", 8, 1_180, 1_990, 5, Always),
    good("KO-320", "Bottle 1 l", "Cooking", 8, 720, 1_290, 10, Always),
    good("KO-321", "Vacuum flask 0.75 l", "Cooking", 8, 1_640, 2_790, 8, Winter),
    good("RU-401", "Daypack 22 l", "Packs", 3, 3_880, 6_490, 9, Always),
    good("RU-402", "Touring pack 38 l", "Packs", 3, 6_920, 11_500, 7, Summer),
    good("RU-403", "Trekking pack 65 l", "Packs", 3, 10_850, 17_900, 4, Summer),
    good("RU-404", "Ski touring pack 30 l", "Packs", 3, 7_450, 12_400, 4, Winter),
    good("RU-410", "Rain cover", "Packs", 3, 890, 1_590, 8, Always),
    good("RU-411", "Dry bag 20 l", "Packs", 3, 760, 1_390, 7, Summer),
    good("LI-501", "Headlamp 300 lm", "Light", 4, 1_940, 3_290, 10, Winter),
    good("LI-502", "Headlamp 900 lm", "Light", 4, 4_360, 7_290, 5, Winter),
    good("LI-503", "Camp lantern", "Light", 4, 1_730, 2_990, 6, Summer),
    good("LI-504", "Bicycle light set", "Light", 4, 2_150, 3_690, 6, Winter),
    good("LI-510", "Battery pack 10 Ah", "Light", 4, 2_480, 4_190, 7, Always),
    good("BE-601", "Merino shirt", "Clothing", 5, 2_870, 4_990, 9, Always),
    good("BE-602", "Merino leggings", "Clothing", 5, 2_690, 4_690, 5, Winter),
    good("BE-603", "Rain jacket", "Clothing", 5, 7_680, 12_900, 7, Always),
    good("BE-604", "Down jacket", "Clothing", 5, 9_350, 15_900, 6, Winter),
    good("BE-605", "Trekking trousers", "Clothing", 5, 4_420, 7_490, 7, Summer),
    good("BE-606", "Wool cap", "Clothing", 5, 870, 1_690, 8, Winter),
    good("BE-607", "Socks, pair", "Clothing", 5, 640, 1_290, 10, Always),
    good("KL-701", "Rope 9.5 mm, 60 m", "Climbing", 6, 9_760, 15_500, 4, Summer),
    good("KL-702", "Cord 6 mm, 10 m", "Climbing", 6, 840, 1_490, 6, Summer),
    good("KL-710", "Harness", "Climbing", 7, 4_310, 6_990, 5, Summer),
    good("KL-711", "Helmet", "Climbing", 7, 3_960, 6_490, 6, Always),
    good("KL-712", "Screw carabiner", "Climbing", 7, 720, 1_240, 10, Always),
    good("KL-713", "Quickdraw set, 6 pieces", "Climbing", 7, 5_240, 8_490, 4, Summer),
    good("KL-720", "Avalanche probe", "Climbing", 7, 2_380, 3_990, 3, Winter),
    good("KA-801", "Map Karwendel 1:50 000", "Maps", 9, 620, 1_090, 7, Summer),
    good("KA-802", "Map Dachstein 1:50 000", "Maps", 9, 620, 1_090, 6, Summer),
    good("KA-810", "Guide book: huts of the Alps", "Maps", 9, 1_360, 2_290, 5, Always),
];

/// Name, street, postal code, town, days until it wants its money, days until goods arrive.
pub(super) const SUPPLIERS: &[(&str, &str, &str, &str, i32, i64)] = &[
    ("Zeltmacherei Steiner KG", "Hafenstraße 12", "4020", "Linz", 30, 12),
    ("Daunenwerk Salzkammergut GmbH", "Seeufer 3", "4810", "Gmunden", 30, 10),
    ("Hofer & Töchter Gasgeräte", "Bahnhofstraße 41", "3300", "Amstetten", 14, 5),
    ("Rucksackwerkstatt Rheintal", "Stickereiweg 8", "6890", "Lustenau", 45, 14),
    ("Stirnlicht Elektronik GmbH", "Technikerstraße 5", "8010", "Graz", 30, 8),
    ("Wollwerk Zillertal eGen", "Mühlbach 17", "6280", "Zell am Ziller", 30, 11),
    ("Seilerei Brandner", "Reepergasse 2", "4600", "Wels", 30, 9),
    ("Dachstein Bergsport GmbH", "Kletterweg 1", "8970", "Schladming", 30, 7),
    ("Flaschnerei Innviertel", "Am Walzwerk 20", "5280", "Braunau", 14, 6),
    ("Kartographie Alpenraum Verlag", "Lesegasse 9", "1070", "Wien", 30, 4),
];

/// First words of the names of shops.
pub(super) const SHOPS: &[&str] = &[
    "Bergsport",
    "Gipfelstürmer",
    "Outdoor",
    "Alpinladen",
    "Wanderlust",
    "Zelt & Rucksack",
    "Basislager",
    "Sporthaus",
    "Trekking",
    "Kletterhalle",
    "Hüttenladen",
    "Freiluft",
];

/// Postal codes and towns of customers.
pub(super) const TOWNS: &[(&str, &str)] = &[
    ("1010", "Wien"),
    ("2700", "Wiener Neustadt"),
    ("3100", "St. Pölten"),
    ("4400", "Steyr"),
    ("4820", "Bad Ischl"),
    ("5020", "Salzburg"),
    ("5640", "Bad Gastein"),
    ("5700", "Zell am See"),
    ("6020", "Innsbruck"),
    ("6330", "Kufstein"),
    ("6370", "Kitzbühel"),
    ("6500", "Landeck"),
    ("6700", "Bludenz"),
    ("6850", "Dornbirn"),
    ("7000", "Eisenstadt"),
    ("8020", "Graz"),
    ("8600", "Bruck an der Mur"),
    ("8700", "Leoben"),
    ("9020", "Klagenfurt"),
    ("9500", "Villach"),
    ("9900", "Lienz"),
];

/// Streets of customers.
pub(super) const STREETS: &[&str] =
    &["Hauptplatz", "Bahnhofstraße", "Kirchengasse", "Bergstraße", "Lindenweg", "Marktgasse", "Talstraße"];
