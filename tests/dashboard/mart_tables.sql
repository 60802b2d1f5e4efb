-- What the dashboard reads of a release, with the columns of the real marts.
create table mart_data_quality (
    clinic_id varchar, day date, check_id varchar, numerator double, denominator double, threshold double,
    status varchar, severity varchar, endangers varchar
);
create table mart_clinic_signals (
    signal varchar, clinic_id varchar, found boolean, observed double, expected double, ratio double,
    ratio_low double, ratio_high double, threshold double, detail varchar, status varchar
);
create table mart_safety_by_clinic (
    clinic_id varchar, month date, ae_screen_method varchar, sessions bigint, sessions_with_event bigint,
    events bigint, serious_events bigint, rate_per_1000 double, ci_low double, ci_high double
);
create table mart_rule_findings (
    clinic_id varchar, month date, code varchar, decided_in varchar, severity varchar, events bigint,
    events_judged bigint, endangers varchar, title varchar
);
create schema vocabularies;
create table vocabularies.quality_checks (check_id varchar, title varchar);
create table vocabularies.signal_criteria (signal varchar, title varchar, confidence double);
insert into vocabularies.quality_checks values ('refused_share', 'Events that were refused');
insert into vocabularies.signal_criteria values ('silence', 'Fewer sessions than its own rhythm', 0.998);
