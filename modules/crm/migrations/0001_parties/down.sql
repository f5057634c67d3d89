DROP TABLE crm_contacts;
DROP TABLE crm_parties;
