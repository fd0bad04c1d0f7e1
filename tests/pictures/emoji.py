"""The emoji of a post, drawn here, for few machines have a typeface for them: SVG in a box of 36 by 36."""

_LINE = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'

SHAPES = {
    "✅": (
        '<rect width="36" height="36" rx="5" fill="#77b255"/>'
        f'<path d="M9 18.5l6.5 7L27.5 9" stroke="#fff" stroke-width="5" {_LINE}/>'
    ),
    "🕒": (
        '<circle cx="18" cy="18" r="18" fill="#99aab5"/><circle cx="18" cy="18" r="14.5" fill="#e1e8ed"/>'
        f'<path d="M18 8v10h8" stroke="#292f33" stroke-width="3" {_LINE}/>'
    ),
    "❔": (
        f'<path d="M10.5 11c0-5 3.5-7.5 8-7.5s7.5 3 7.5 7c0 6-7.5 6.5-7.5 13" stroke="#ccd6dd" stroke-width="5" '
        f'{_LINE}/><circle cx="18.5" cy="31" r="3.2" fill="#ccd6dd"/>'
    ),
    "❌": f'<path d="M6 6l24 24M30 6L6 30" stroke="#dd2e44" stroke-width="6.5" {_LINE}/>',
    "⏳": (
        '<path d="M8 3h20v4c0 6-4.5 8-7.5 11 3 3 7.5 5 7.5 11v4H8v-4c0-6 4.5-8 7.5-11C12.5 15 8 13 8 7z" '
        'fill="#bfd7ea"/>'
        '<path d="M18 17.5c-2-2-5.5-3.5-7-7.5h14c-1.5 4-5 5.5-7 7.5zM10 32c0-4 5-6.5 8-7 3 .5 8 3 8 7z" '
        'fill="#ffac33"/><rect x="5" width="26" height="4" rx="2" fill="#ffe8b6"/>'
        '<rect x="5" y="32" width="26" height="4" rx="2" fill="#ffe8b6"/>'
    ),
}
