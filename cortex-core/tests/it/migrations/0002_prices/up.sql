ALTER TABLE fleet_vehicles ADD COLUMN price bigint;
