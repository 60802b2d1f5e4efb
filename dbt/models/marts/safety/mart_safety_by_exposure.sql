-- A session counts under each of its techniques and regions, and under each training of its practitioner: these strata
-- overlap and add up to nothing.
with figures as (
    {{ stratum_figures(("training", "technique", "region")) }}
)

select * from figures
