"""The language of the clinics: what an event may say, and what Meridian says of it. Pure: no Kafka, no database."""
