-- Rows as a host wrote them that knew the first version of the schema only.
INSERT INTO networks VALUES('a','lab','{"kind":"conflict","message":"in the way","attempts":3,"failed_at":"2026-01-02T03:04:05+00:00","retry_at":"2026-01-02T03:04:05+00:00","fingerprint":"f"}');
INSERT INTO handles VALUES('a','s1','Dhcp','dnsmasq',2,'{"pid":1}','abc');
INSERT INTO handles VALUES('a','s1','Interface','bridge',1,'x','abc');
INSERT INTO attachments VALUES('a','s1','{"id":"p","name":"","mac_address":"fa:16:3e:00:00:01","fixed_ips":[{"subnet_id":"a-v4","address":"10.0.0.11"}],"device_owner":"","device_id":"","admin_state_up":true,"status":"","dns_assignments":[],"extra_dhcp_options":[],"project_id":"","revision_number":0}','{"namespace":"n","device":"d","mac_address":"02:00:00:00:00:01","addresses":["10.0.0.2/24"]}');
INSERT INTO leases VALUES('a','s1','[{"address":"10.0.0.11","hostname":"h"}]');
INSERT INTO events VALUES(7,1767323045000,'Info','test','a','event 7',NULL);
