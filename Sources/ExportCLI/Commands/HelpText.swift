/// The longer texts of the help.
enum HelpText {
    /// What the program is for, how to begin, where settings come from, and what the exit codes mean.
    static let overview = """
        Run sync from cron or a timer: it fetches what is new, commits it as gzipped NDJSON, a folder a day, and \
        loses nothing when it is stopped at any moment.

        EXAMPLES
          export CAPTIVATEIQ_API_TOKEN=...
          captivateiq-export sync --archive /srv/audit --backfill-start-time 2025-01-01
          captivateiq-export verify --archive /srv/audit
          captivateiq-export status --archive /srv/audit
          captivateiq-export reconcile --archive /srv/audit --repair
          captivateiq-export rebuild --archive /srv/audit
          7 * * * *  captivateiq-export sync --config /etc/captivateiq-export/config.yaml --quiet

        \(settings)

        EXIT CODES
        \(exitCodes)
        """

    /// The text of sync's help.
    static let sync = """
        The first sync begins at backfill_start_time, or now without it. Every further one fetches what is new and \
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

    /// The text of verify's help.
    static let verify = """
        Checks sizes, checksums, the manifest's own too, gzip, lines, order, dates, unique ids, stray or missing files, \
        and a commit that cannot be finished, and lists every fault. Needs no network and no token, changes nothing, \
        and works on a copy. Exit code 65 with faults.

        EXAMPLE
          captivateiq-export verify --archive /mnt/backup/audit --json
        """

    /// The text of status's help.
    static let status = """
        The range covered, the newest event and its age, events and bytes, what is still to be fetched, and a line a \
        day for the last 14 days. Reads the manifest alone; needs no network and no token.

        EXAMPLE
          captivateiq-export status --archive /srv/audit --json | jq .age_seconds
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
