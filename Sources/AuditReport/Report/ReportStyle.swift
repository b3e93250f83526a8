import AuditArchive
import Crypto

/// The report's one style sheet. The page's policy allows it by its checksum, and nothing else.
enum ReportStyle {
    /// `'sha256-…'` of the sheet.
    static var source: String {
        let digest = SHA256.hash(data: Array("\(sheet)".utf8))
        return "'sha256-\(String(decoding: Base64Text.encoded(digest), as: UTF8.self))'"
    }

    /// Text has a contrast of at least 4.5 to 1 with what is behind it, marks and borders 3 to 1, light and dark.
    static let sheet: StaticString = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--edge:#818b98;--band:#f6f8fa;
        --l1:#c6e0f5;--l2:#82bde9;--l3:#3987c9;--l4:#154f86;--warn:#9a3412;--good:#116329;--mark:#9a3412}
        @media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9da7b3;--line:#30363d;--edge:#77818c;
        --band:#161b22;--l1:#12304d;--l2:#1d5388;--l3:#3d8bd4;--l4:#a9d4fb;--warn:#ffb77c;--good:#7ee2a0;--mark:#ffb77c}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:64rem;padding:1rem;background:var(--bg);color:var(--fg);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0 0}
        h2{font-size:1.2rem;line-height:1.3;margin:2.2rem 0 .4rem;padding-top:.6rem;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:1.2rem 0 .3rem}
        p{margin:.3rem 0 .8rem;max-width:46rem}
        .soft,caption,figcaption{color:var(--soft)}
        .verdict{background:var(--band);border:1px solid var(--line);border-left:.5rem solid var(--warn);border-radius:.4rem;
        padding:.8rem 1rem;margin:1rem 0}
        .verdict.good{border-left-color:var(--good)}
        .word{font-size:1.3rem;font-weight:700;color:var(--warn);margin:0}
        .good .word{color:var(--good)}
        dl{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.2rem 1rem;margin:.6rem 0 0}
        dt{color:var(--soft)}
        dd{margin:0}
        table{border-collapse:collapse;width:100%;margin:.6rem 0 1rem;font-size:.87rem}
        caption{text-align:left;padding-bottom:.2rem}
        th,td{text-align:left;vertical-align:top;padding:.22rem .6rem .22rem 0;border-bottom:1px solid var(--line)}
        th{font-weight:600;border-bottom:2px solid var(--edge)}
        th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal;white-space:nowrap}
        th{overflow-wrap:normal}
        time{white-space:nowrap}
        small{display:block;color:var(--soft);font-size:.92em}
        .n+td,.n+th{padding-left:1rem}
        td.b{width:22%;min-width:3rem;padding-top:.5rem}
        td.b svg{display:block;width:100%;height:.6rem}
        td.b rect{fill:var(--l3)}
        svg{display:block}
        svg text{fill:var(--soft);font-size:9px}
        .half,.hours{width:100%;height:auto}
        .years{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem}
        figure{margin:0;flex:1 1 20rem;min-width:0;max-width:30rem}
        figcaption{font-size:.87rem}
        .half rect,.hours rect,.key rect{stroke:var(--edge);stroke-width:.6;fill:var(--bg);rx:1.5px}
        .half rect,.key rect{width:10px;height:10px}
        .hours rect{width:12px;height:12px}
        rect.l1{fill:var(--l1)}rect.l2{fill:var(--l2)}rect.l3{fill:var(--l3)}rect.l4{fill:var(--l4)}
        rect.e{fill:url(#pe)}rect.f{fill:url(#pf);stroke:var(--mark)}rect.x{fill:url(#px);stroke:var(--mark)}
        rect.p{fill:url(#pp)}rect.r{fill:url(#pr)}
        rect.o{stroke:var(--fg);stroke-width:1.4;stroke-dasharray:2 1.6}
        .mark{stroke:var(--mark);stroke-width:1.5;fill:none}
        .rule{stroke:var(--edge);stroke-width:1.3;fill:none}
        .dot{fill:var(--good)}
        .defs{position:absolute;width:0;height:0}
        .key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.4rem 0 1rem;font-size:.87rem}
        .key li{display:flex;align-items:center;gap:.4rem}
        .key svg{width:14px;height:14px;flex:none}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 2rem}
        @media (max-width:30rem){body{padding:.7rem;font-size:14px}th,td{padding-right:.3rem}table{font-size:.76rem}
        .n+td,.n+th{padding-left:.2rem}#months,#files{font-size:.66rem}#months th,#months td{padding-right:.15rem}
        dl{grid-template-columns:1fr}dt{margin-top:.3rem}td.b{width:14%;min-width:1.6rem}}
        @page{size:A4;margin:14mm}
        @media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444c56;--line:#d0d7de;--edge:#818b98;--band:#f6f8fa;
        --l1:#c6e0f5;--l2:#82bde9;--l3:#3987c9;--l4:#154f86;--warn:#9a3412;--good:#116329;--mark:#9a3412}
        body{padding:0;max-width:none;font-size:10pt}rect,.verdict,td.b svg{print-color-adjust:exact}
        tr,figure,.verdict,.key{break-inside:avoid}h2,h3,caption{break-after:avoid}figure{flex:0 1 46%}}
        """
}
