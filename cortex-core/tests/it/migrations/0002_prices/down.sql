ALTER TABLE fleet_vehicles DROP COLUMN price;
