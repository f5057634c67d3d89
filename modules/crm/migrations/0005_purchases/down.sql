DROP TABLE crm_purchase_steps;
DROP TABLE crm_purchase_order_lines;
DROP TABLE crm_purchase_orders;
