namespace ChatOps.Server.Web;

/// <summary>The one stylesheet: phone first, follows the reader's light or dark, prints in black on white.</summary>
internal static class Style
{
    public const string Sheet =
        """
        :root{--bg:#f6f7f9;--card:#fff;--ink:#1b1f29;--muted:#5c6474;--line:#dfe3ea;--track:#e9ecf2;--link:#3346b8;
        --good:#187a4b;--goodbg:#dcf3e6;--warn:#8a5600;--warnbg:#fdefcf;--bad:#b3261e;--badbg:#fbe3e1;--info:#3346b8;--infobg:#e4e8fb;--quietbg:#eceff4;
        --holding:#2f9e6b;--stored:#e0a423;--unknown:#9aa3b5;--unknown2:#7b8498;--reverted:#d64545;--wait:#b9c4f2;--wait2:#7385dd;--now:#d6336c}
        @media(prefers-color-scheme:dark){:root{--bg:#12151c;--card:#1b202a;--ink:#e8ebf2;--muted:#98a2b5;--line:#2d3442;--track:#262d3a;--link:#a3b3ff;
        --good:#7fdcae;--goodbg:#143626;--warn:#f4c463;--warnbg:#3a2c0f;--bad:#ff9a92;--badbg:#43191a;--info:#b3c0ff;--infobg:#242c56;--quietbg:#2a303d;
        --holding:#36a873;--stored:#c9922a;--unknown:#69738a;--unknown2:#4d566b;--reverted:#d9534f;--wait:#4a5796;--wait2:#8c9bf0;--now:#ff6b9d}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        a{color:var(--link);text-underline-offset:.15em}
        a:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
        h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 .6rem;letter-spacing:-.01em}h2{font-size:1.05rem;margin:0 0 .7rem}h3{font-size:1rem;margin:0 0 .4rem}
        p{margin:.3rem 0}section{margin:1.8rem 0}code{font:.86em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        code.value{white-space:pre-wrap}.long{word-break:break-all}.muted,.crumbs,footer{color:var(--muted);font-weight:400}.crumbs,footer,h2 .muted{font-size:.85rem}
        .number{color:var(--muted);font-weight:500}.badges{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
        .badge{display:inline-block;padding:.08rem .55rem;border-radius:1rem;font-size:.8rem;font-weight:600;background:var(--quietbg);color:var(--muted);white-space:nowrap}
        .badge.sev{background:var(--ink);color:var(--bg)}.badge.alarm,.badge.reverted{background:var(--badbg);color:var(--bad)}.badge.warn,.badge.stored{background:var(--warnbg);color:var(--warn)}
        .badge.good,.badge.holding{background:var(--goodbg);color:var(--good)}.badge.info,.badge.wait{background:var(--infobg);color:var(--info)}
        .card,.columns section,.timeline,.windows,.head,.incidents li,.sheet{background:var(--card);border:1px solid var(--line);border-radius:12px}
        .card{padding:1rem;margin:.7rem 0;border-left:5px solid var(--unknown)}.c-holding{border-left-color:var(--holding)}.c-stored{border-left-color:var(--stored)}.c-reverted{border-left-color:var(--reverted)}.c-wait,.c-info{border-left-color:var(--wait2)}
        .card h3{display:flex;flex-wrap:wrap;gap:.2rem .5rem;align-items:baseline}.countdown{font-size:1.15rem}.reason{font-style:italic}.warning{color:var(--bad);font-weight:600}.empty{color:var(--muted)}
        .facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem .9rem;margin:.6rem 0 0}.facts dt{color:var(--muted);font-size:.9rem}.facts dd{margin:0}
        time{white-space:nowrap;font-variant-numeric:tabular-nums}time .local{color:var(--muted);font-size:.88em;margin-left:.35em}time .local::before{content:"· "}
        .scroll{overflow-x:auto}.changes{border-collapse:collapse;width:100%;margin-top:.8rem;font-size:.92rem}.changes th{text-align:left;color:var(--muted);font-weight:500}.changes td,.changes th{padding:.35rem .6rem .35rem 0;border-top:1px solid var(--line);vertical-align:top}
        .windows{padding:.8rem 1rem .4rem;font-size:12px}.windows svg{display:block}.windows .lane{fill:var(--ink);font-weight:600;font-size:13px}.windows .axis{fill:var(--muted)}.windows .grid{stroke:var(--line)}
        .track{fill:var(--track)}.b-holding{fill:var(--holding)}.b-stored{fill:var(--stored)}.b-unknown{fill:url(#hatch)}.b-reverted{fill:var(--reverted)}.b-wait{fill:url(#dots)}
        .b-planned{fill:none;stroke:var(--muted);stroke-dasharray:4 3}.p-unknown{fill:var(--unknown)}.p-line{fill:var(--unknown2)}.p-wait{fill:var(--wait)}.p-dot{fill:var(--wait2)}
        .deadline{stroke:var(--ink);stroke-width:3;stroke-linecap:round}.tick{fill:var(--ink)}.now{stroke:var(--now);stroke-width:2}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.6rem 0 0;font-size:.85rem;color:var(--muted)}.legend li::before{content:"";display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin-right:.4rem;vertical-align:-.08rem;background:var(--unknown)}
        .legend .k-wait::before{background:radial-gradient(circle,var(--wait2) 1.2px,var(--wait) 1.5px) 0 0/5px 5px}.legend .k-stored::before{background:var(--stored)}.legend .k-holding::before{background:var(--holding)}.legend .k-reverted::before{background:var(--reverted)}
        .legend .k-unknown::before{background:repeating-linear-gradient(45deg,var(--unknown2) 0 2px,var(--unknown) 2px 5px)}.legend .k-note::before{background:var(--ink);width:3px}.legend .k-now::before{background:var(--now);width:3px}
        .columns section{padding:1rem;margin:0}.columns{display:grid;gap:1rem;margin:1.8rem 0}.scope{list-style:none;margin:0;padding:0}.scope .muted{font-size:.88rem}
        .timeline{list-style:none;margin:0;padding:.4rem 1rem}.timeline li{position:relative;padding:.65rem 1.6rem .65rem 1.3rem;border-top:1px solid var(--line)}.timeline li:first-child{border-top:0}
        .timeline li::before{content:"";position:absolute;left:0;top:1.05rem;width:.65rem;height:.65rem;border-radius:50%;background:var(--unknown)}
        .timeline .d-holding::before{background:var(--holding)}.timeline .d-stored::before{background:var(--stored)}.timeline .d-reverted::before{background:var(--reverted)}.timeline .d-wait::before,.timeline .d-info::before{background:var(--wait2)}.timeline .d-note::before{background:var(--ink)}
        .timeline li:target{background:var(--infobg)}.when{font-size:.88rem}.learned{color:var(--warn);margin-left:.6rem}.kind{font-weight:600;margin:0}.by{font-weight:400;color:var(--muted)}.by::before{content:"· "}.words{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:24rem;overflow:auto}.again summary{cursor:pointer}.again pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:16rem;overflow:auto}
        .hash{position:absolute;right:0;top:.65rem;color:var(--muted);font-size:.8rem;text-decoration:none}
        .head{padding:1rem}.whole::before{content:"✓ ";color:var(--good);font-weight:700}.broken{background:var(--badbg);color:var(--bad);padding:.6rem .9rem;border-radius:8px}
        .incidents{list-style:none;padding:0;margin:0}.incidents li{padding:.8rem 1rem;margin:.6rem 0}.incidents a{font-weight:600;text-decoration:none}
        .sheet{max-width:32rem;margin:12vh auto 0;padding:1.6rem}button{font:inherit;font-weight:600;padding:.7rem 1.2rem;border:0;border-radius:8px;background:var(--link);color:var(--card);cursor:pointer;width:100%;margin-top:.8rem}
        @media(min-width:40rem){.columns{grid-template-columns:1fr 1fr}.timeline li{display:grid;grid-template-columns:13rem 1fr;gap:1rem}.when .learned{display:block;margin:0}}
        @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--muted:#444}body{max-width:none;font-size:11pt}.card,.timeline li{break-inside:avoid}.crumbs{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
