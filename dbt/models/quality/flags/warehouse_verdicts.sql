select * from {{ ref("session_unknown") }}
union all
select * from {{ ref("licence_not_valid") }}
union all
select * from {{ ref("onset_before_session") }}
union all
select * from {{ ref("baseline_outside_window") }}
union all
select * from {{ ref("pneumothorax_without_thoracic_needle") }}
union all
select * from {{ ref("pregnancy_point") }}
union all
select * from {{ ref("electro_with_implant") }}
union all
select * from {{ ref("forgotten_needle_counts_agree") }}
union all
select * from {{ ref("serious_without_follow_up") }}
union all
select * from {{ ref("instrument_version_mixed") }}
union all
select * from {{ ref("recalled_lot_used") }}
union all
select * from {{ ref("needle_past_sterility") }}
union all
select * from {{ ref("clock_jumped") }}
