"""The embedded broker: a real Apache Kafka on one machine, from Maven's jars and a Java from PyPI."""
