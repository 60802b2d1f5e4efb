with sessions as (
    select
        *,
        needles as needles_per_session,
        needles_unstimulated / nullif(stimulations_said, 0) as share_of_needles_unstimulated,
        needles_stimulated_by_hand / nullif(stimulations_said, 0) as share_of_needles_stimulated_by_hand,
        needles_stimulated_electrically / nullif(stimulations_said, 0) as share_of_needles_stimulated_electrically,
        needles_warmed / nullif(stimulations_said, 0) as share_of_needles_warmed
    from {{ ref("treated_sessions") }}
),

episodes as (
    select * from {{ ref("treated_episodes") }}
),

of_sessions as (
    {{ quartiles_by_cell("sessions", ["condition_group", "style"], [
        "needles_per_session", "retention_min", "needle_minutes", "share_of_needles_unstimulated",
        "share_of_needles_stimulated_by_hand", "share_of_needles_stimulated_electrically", "share_of_needles_warmed",
    ]) | indent(4) }}
),

of_episodes as (
    {{ quartiles_by_cell(
        "episodes", ["condition_group", "style"], ["sessions_per_episode", "sessions_per_week"]
    ) | indent(4) }}
)

select * from of_sessions
union all
select * from of_episodes
