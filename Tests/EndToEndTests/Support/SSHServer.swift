import Foundation
import TestSupport
import Testing

/// A running `sshd` on a port of the loopback interface, that lets this user in by a key of its own.
struct SSHServer {
    /// What rsync is to take for its remote shell.
    let shell: String
    private let folder: String
    private let program: RunningProgram
    private let runner: CommandRunner

    /// Starts one, with its files in `directory`.
    static func start(in directory: String) async throws -> SSHServer {
        let folder = "\(directory)/ssh"
        let runner = CommandRunner(directory: directory, environment: Places.environment)
        let prepared = try await runner.run("bash", "-euo", "pipefail", "-c", preparation(folder))
        try #require(prepared.exitCode == 0, "\(prepared.everything)")
        let port = prepared.text.trimmingCharacters(in: .whitespacesAndNewlines)
        // It closes all that it inherits, which Foundation takes for its end, so a shell stands in between.
        let program = try runner.start([
            "bash", "-c", "/usr/sbin/sshd -D -e -f \"$0\" & wait", "\(folder)/sshd_config"
        ])
        try #require(await program.waitFor("Server listening on 127.0.0.1 port \(port)") != nil)
        // A socket's path may have 100 bytes or so, which those of temporary folders in temporary folders exceed.
        let socket = "/tmp/captivateiq-ssh-\(port)"
        let options = [
            "-F none", "-p \(port)", "-i \(folder)/key", "-o BatchMode=yes", "-o StrictHostKeyChecking=no",
            "-o UserKnownHostsFile=/dev/null", "-o LogLevel=ERROR", "-o ControlMaster=auto", "-o ControlPersist=60",
            "-o ControlPath=\(socket)"
        ]
        let shell = "ssh \(options.joined(separator: " "))"
        return SSHServer(shell: shell, folder: folder, program: program, runner: runner)
    }

    /// Gives the port, one that is free.
    private static func preparation(_ folder: String) -> String {
        """
        mkdir -p '\(folder)' && chmod 700 '\(folder)' && cd '\(folder)'
        if [[ $(id -u) -eq 0 ]]; then mkdir -p /run/sshd; fi
        ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f key
        port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
        printf '%s\n' "Port $port" 'ListenAddress 127.0.0.1' "HostKey $PWD/host" "AuthorizedKeysFile $PWD/key.pub" \
            'PasswordAuthentication no' 'StrictModes no' "PidFile $PWD/pid" 'UsePAM no' 'MaxSessions 100' >sshd_config
        printf '%s\n' "$port"
        """
    }

    /// Ends the connection that is kept open, and the server.
    func stop() async {
        _ = try? await runner.run("bash", "-c", "\(shell) -O exit localhost; kill -KILL $(cat '\(folder)/pid')")
        _ = await program.outcome()
    }
}
