DROP TABLE crm_inventory_receipt_lines;
DROP TABLE crm_inventory_receipts;
DROP TABLE crm_inventory_shipment_lines;
DROP TABLE crm_inventory_shipments;
