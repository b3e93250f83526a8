/// The longer texts of the help.
enum HelpText {
    /// What the program is for, how to begin, where settings come from, and what the exit codes mean.
    static let overview = """
        Run sync from cron or a timer: it fetches what is new, commits it as gzipped NDJSON, a folder a day, and \
        loses nothing when it is stopped at any moment.

        EXAMPLES
          export CAPTIVATEIQ_API_TOKEN=...
          captivateiq-export sync --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export check --archive /srv/audit
          captivateiq-export verify --archive /srv/audit
          captivateiq-export status --archive /srv/audit
          captivateiq-export reconcile --archive /srv/audit --repair
          captivateiq-export rebuild --archive /srv/audit
          captivateiq-export compact --archive /srv/audit
          captivateiq-export prune --archive /srv/audit --keep 400d
          captivateiq-export show --archive /srv/audit --user jane@example.com --from 2025-02-23 --to 2025-02-23
          captivateiq-export report --archive /srv/audit --output report.html
          captivateiq-export attest --archive /srv/audit --from 2026-07-01 --to 2026-09-30 --output q3
          captivateiq-export schema --for duckdb
          7 * * * *  captivateiq-export sync --config /etc/captivateiq-export/config.yaml --quiet

        \(settings)

        EXIT CODES
        \(exitCodes)
        """

    /// The text of sync's help.
    static let sync = """
        The first sync begins a new archive, from backfill_start_time on, or from now on without it, and says so, also \
        with --quiet. With --no-create a folder without an archive is an error (66). Every further one fetches what is new and \
        looks back a day, from what the last whole sync has seen, for events that surfaced late. An event is archived \
        once, whatever happens to its created_at.

        What cannot be archived is kept in quarantine, with a warning that --quiet does not silence. Exit code 75 if \
        pages moved while they were read: the next sync reads them again. 76 if that is so in two syncs running, if \
        no new record can be archived, or if one is not JSON for the first time; all others are archived.

        EXAMPLES
          captivateiq-export sync --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export sync --config /etc/captivateiq-export/config.yaml --json

        THE TOKEN
        \(tokenLines)

        \(settings)
        """

    /// The text of check's help.
    static let check = """
        A line each, beginning with ok, WARN or FAIL: where the token comes from and whose it is, how fast the API \
        answers and how far the clock is from its, the rate limits, every setting with its value and its source \
        (secrets hidden), what the archive's file system can do and how much room it has, and what a sync would fetch: \
        requests, time, hours of the hourly limit.

        Changes nothing: it makes a few requests, and tries the file system in the archive's private staging folder, \
        under its lock. Exit code 0 without a FAIL, else that of the first one.

        EXAMPLES
          captivateiq-export check --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export check --config /etc/captivateiq-export/config.yaml --json | jq .next_sync

        THE TOKEN
        \(tokenLines)

        \(settings)
        """

    /// The text of verify's help.
    static let verify = """
        Checks sizes, checksums, the manifest's own too, gzip, lines, order, dates, unique ids, stray or missing files, \
        and a commit that cannot be finished, lists every fault, and names the way out of each. Needs no network and \
        no token, changes nothing, and works on a copy. Exit code 65 with faults.

        A copy that was not finished (.NAME.XXXXXX) and what a system left (.DS_Store, lost+found, Thumbs.db) are notes \
        and no faults.

        EXAMPLE
          captivateiq-export verify --archive /mnt/backup/audit --json
        """

    /// The text of status's help.
    static let status = """
        Begins with DAMAGED, STUCK, INCOMPLETE, LATE or OK, the first that holds: a file that the manifest names is \
        missing or has another size; three failures in a row, or the same times did not add up twice; something from \
        before the look-back is still to be read, or a compared day differs; no success for --max-age; none of these. \
        Then how far the archive is complete, the last sync and the last failure, the days that were compared with the \
        API, what to look at, and a line a day for the last 14 days. Reads no events; needs no network and no token.

        Exit code 65 when DAMAGED. With --max-age 1 when LATE or STUCK.

        EXAMPLES
          captivateiq-export status --archive /srv/audit --max-age 26h
          captivateiq-export status --archive /srv/audit --json | jq -r .verdict
        """

    /// The text of reconcile's help.
    static let reconcile = """
        Asks the API how many events the closed days have, compares with the archive, and reads the days again where \
        the numbers differ or prove nothing, to tell by id which events are missing here and which are gone there. One \
        or two days are always compared by id. Days that are still to be fetched are left to sync. The results go into \
        the manifest's "checked".

        With --repair the missing events are archived. What is gone there stays in the archive; with --accept-gone \
        that is recorded, and no later comparison reports it.

        With --retry-quarantine the days of records in quarantine are asked for instead, by the time that a record \
        names, else that at which it came. What is usable there by now is archived; what is in quarantine stays there.

        Exit code 0 if everything agrees, or no day has closed yet; 65 with differences that are left, or where a \
        file is missing or has another size; 75 if some days could not be compared; 78 if there is no closed day \
        between --from and --to.

        EXAMPLES
          captivateiq-export reconcile --archive /srv/audit
          captivateiq-export reconcile --archive /srv/audit --accept-gone
          captivateiq-export reconcile --archive /srv/audit --retry-quarantine
          captivateiq-export reconcile --archive /srv/audit --from 2025-02-01 --to 2025-02-28 --repair --json

        THE TOKEN
        \(tokenLines)

        \(settings)
        """

    /// The text of rebuild's help.
    static let rebuild = """
        Makes manifest.json anew from the data files, in one step. Takes in files that an older manifest did not name, \
        keeps the older of two events of one id, and ends a commit that could not be finished. Needs no network and no \
        token.

        Where a file is damaged or does not belong there, it lists them all, makes no manifest and ends with 65. What \
        the files cannot tell comes from the old manifest or the last commit's notes. Where something that these \
        name is gone, or neither is there, the manifest is made, the times become pending, and it ends with 65: the \
        next sync fetches them again and archives nothing twice. Where neither is there, the archive begins at its \
        first event from then on: if it began earlier, that sync needs its backfill_start_time.

        EXAMPLES
          captivateiq-export rebuild --archive /srv/audit
          captivateiq-export rebuild --archive /srv/audit --json | jq .lost
        """

    /// The text of compact's help.
    static let compact = """
        A sync writes a file for each day with news, so that a day of quarter-hourly syncs has dozens. This makes one file \
        of them, or parts of max_part_size: the same lines, sorted. Each day's folder is exchanged for the new one in one \
        step, so that a reader finds the old files or the new one; the old ones are kept for retire_after, in the private \
        folder. A day that was merged is merged again only if new events came. Needs no network and no token.

        Where the file system cannot exchange folders (NFS, for one), the files stay, and a warning says so. With the setting \
        compact: closed, sync does it by itself when a day closes.

        EXAMPLES
          captivateiq-export compact --archive /srv/audit
          captivateiq-export compact --archive /srv/audit --before 2025-01-01 --json
        """

    /// The text of schema's help.
    static let schema = """
        Ready text for an engine that reads the archive, or a copy of it: a view, a StructType, DDL, a format file. Engines \
        guess types from a sample of the files, and an event's data may be anything; so the documented fields are text, \
        data and parent_objects the text of their JSON (PyArrow: whole lines), event_time is derived from created_at, \
        and date prunes folders. Needs no archive, no network and no token.

        ENGINES
          \(SchemaEngine.allCases.map(\.rawValue).joined(separator: ", "))

        EXAMPLES
          captivateiq-export schema --for duckdb --location /srv/audit
          captivateiq-export schema --for athena --location s3://lake/audit
        """

    /// The text of prune's help.
    static let prune = """
        Removes the days before today (UTC) less --keep, and the quarantined records of these days, for good: no sync, \
        repair or rebuild brings them back, and the manifest records under pruned what went and when. A day stays if it is \
        open, under a hold, still to be read in part, or the newest one with events. Needs no network and no token.

        EXAMPLES
          captivateiq-export prune --archive /srv/audit --keep 400d --dry-run
          captivateiq-export prune --archive /srv/audit --keep 400d
        """

    /// The text of show's help.
    static let show = """
        One line an event, oldest first, and in the last line whether something may be missing in that range. Names are \
        compared without regard to letter case. Dates are whole days in UTC, and --to is the last one; both take RFC \
        3339 times too. Needs no network and no token, and works on a copy and beside a sync. Exit code 1 if no event \
        matches.

        --ndjson prints the archived bytes, --csv one line an event for a spreadsheet, --json one object. With them, \
        what is known of the range goes to standard error, or into the object.

        With --since-generation N only what was archived after generation N is shown, however late it is, and the \
        generation to go on from is said on standard error (with --json in the object). Begin with 0. What compaction \
        has put into a new file since is not given again, as far as the evidence tells; without evidence it may be: tell \
        by id.

        EXAMPLES
          captivateiq-export show --archive /srv/audit --user "Jane Admin" --from 2025-02-23 --to 2025-02-23
          captivateiq-export show --archive /srv/audit --impersonated --csv >impersonated.csv
          captivateiq-export show --archive /srv/audit --since-generation 41 --ndjson --log-format json
        """

    /// The text of report's help.
    static let report = """
        One HTML file to look at, to print and to send: what the archive holds, where something may be missing, who did \
        what and who acted as whom. It has no scripts and loads nothing. The archive is verified first; a damaged one \
        has no report (65). The same archive and arguments give the same bytes. Needs no network and no token.

        EXAMPLES
          captivateiq-export report --archive /srv/audit --output report.html
          captivateiq-export report --archive /srv/audit --output q1.html --from 2025-01-01 --to 2025-03-31 --redact
        """

    /// The text of attest's help.
    static let attest = """
        Writes a folder for an auditor: statement.txt and statement.json (the population, where it came from, how complete \
        it is day by day, what was verified, exceptions, what is not covered), population.ndjson.gz (the archived bytes of \
        the period's events), SHA256SUMS, and how to check each by hand.

        The archive is verified first, its evidence too; a damaged one has no statement (65). Where a token is at hand, \
        the API is asked for the period's counts, and nothing is recorded; else, and with --offline, they are those of earlier \
        comparisons. What is not proven is not called complete: the files say NOT PROVEN and why, and it ends with 65. What \
        was erased on record is named, and does not count against it.

        EXAMPLES
          captivateiq-export attest --archive /srv/audit --from 2026-07-01 --to 2026-09-30 --output q3
          captivateiq-export attest --archive /mnt/copy --from 2026-07-01 --to 2026-09-30 --output q3 --offline \
        --public-key key.pub.pem --anchor head.checkpoint
        """

    private static let settings = """
        SETTINGS
          A setting is one name in four places, and the first that has it wins: the flag --page-size, the \
        environment variable CAPTIVATEIQ_PAGE_SIZE, the key page_size of the configuration file (--config FILE), \
        the default.
        """

    private static let tokenLines = """
          \(SettingTable.connection.apiToken.setting.environmentName), or api_token in the configuration file, or a file named by \
        api_token_file, or systemd's $CREDENTIALS_DIRECTORY/api_token. Never a flag: anybody on a machine can read \
        its command lines.
        """

    private static let exitCodes = ExitStatus.allCases.map { status in
        let code = "\(status.rawValue)"
        return "  \(code)\(String(repeating: " ", count: 5 - code.count))\(status.meaning)"
    }.joined(separator: "\n")
}
