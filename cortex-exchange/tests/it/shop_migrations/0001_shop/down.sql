DROP TABLE "OLD_ITEMS";
DROP TABLE shop_ledgers;
DROP TABLE shop_products;
DROP TABLE shop_brands;
