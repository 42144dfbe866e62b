"""The frame of the simulator's HTML pages: one style sheet, no outside assets."""

from html import escape

STYLE = """
:root{--ink:#1b2733;--soft:#5d6b78;--line:#dde3e8;--fill:#f4f7f9;--blue:#0b6e99;
--red:#b3261e;--green:#1a7f4b}
*{box-sizing:border-box}
body{margin:0;background:var(--fill);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header{background:#0d2b3e;color:#fff;padding:14px 28px;display:flex;gap:18px;
align-items:baseline;flex-wrap:wrap}
header b{font-size:18px}header span{opacity:.75}header a{color:#fff}
main{max-width:1180px;margin:24px auto;padding:0 20px}
main.narrow{max-width:520px}
section,main.narrow{background:#fff;border:1px solid var(--line);border-radius:10px;
padding:18px 22px;margin-bottom:20px;overflow-x:auto}
h1{font-size:22px;margin:6px 0 12px}h2{font-size:17px;margin:0 0 10px}
table{border-collapse:collapse;width:100%}
th{text-align:left;color:var(--soft);font-weight:600;font-size:13px}
td,th{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td.n,td.day,td.pay form{white-space:nowrap;flex-wrap:nowrap}
tr:last-child td{border-bottom:0}
input,select{font:inherit;padding:4px 8px;border:1px solid var(--line);
border-radius:6px;background:#fff;max-width:190px}
button{font:inherit;padding:4px 12px;border:1px solid var(--line);border-radius:6px;
background:#fff;cursor:pointer}
button:hover{border-color:var(--blue)}
button.primary{background:var(--blue);border-color:var(--blue);color:#fff}
form.inline{display:flex;gap:6px;flex-wrap:wrap;align-items:center;margin:0}
.badge{padding:1px 9px;border-radius:20px;background:var(--fill);font-size:12px;
border:1px solid var(--line);white-space:nowrap}
.badge.PAID,.badge.ACCEPTED,.badge.INVOICED{color:var(--green);border-color:var(--green)}
.badge.VOIDED,.badge.DELETED,.badge.DECLINED,.badge.ARCHIVED{color:var(--soft)}
.badge.overdue,.error{color:var(--red)}.badge.overdue{border-color:var(--red)}
.choice{display:block;padding:8px 12px;border:1px solid var(--line);border-radius:8px;
margin-bottom:8px}
.soft{color:var(--soft)}.notice{background:#e6f4ea;border-color:#b7dfc4}
.grid{display:grid;gap:20px;grid-template-columns:repeat(auto-fit,minmax(340px,1fr))}
.grid section{margin:0}nav a{margin-right:14px}
"""


def render(title, body, narrow=False):
    """A whole page.

    :param title: plain text
    :param body: HTML
    :param narrow: a single small card, for the consent page
    """
    kind = " class='narrow'" if narrow else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        "<header><b>Simulated Xero</b><span>for tests and the demo; not Xero's own "
        "pages</span></header>"
        f"<main{kind}>{body}</main></body></html>"
    )
