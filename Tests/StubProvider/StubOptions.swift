/// What the stub provider is told on its command line.
struct StubOptions {
    var host = "127.0.0.1"
    /// 0: any free port, told through `portFile`.
    var port: UInt16 = 9090
    var portFile: String?
    /// The only key that is accepted; nil accepts every caller.
    var key: String?
    /// Every finished ledger entry is appended to this file as one JSON line.
    var ledgerPath: String?
    /// Older entries make room; 0 keeps counters only.
    var ledgerEntriesMax = 1_000_000
    /// How many requests are kept byte for byte for `GET /stub/requests/<x-request-id>`.
    var requestsMax = 4096
    /// The only models it knows; empty: every name is served.
    var models: [String] = []
    var latency = LatencyModel()
    var seed: UInt64 = 1
    /// What the provider takes in a minute, and says so in `x-ratelimit-...` fields; nil: as much as comes, and no such fields.
    var requestsPerMinute: Int?
    /// So many requests at once take their usual time; with more, each takes that much longer. Nil: any number does.
    var capacity: Int?
    /// It tells every caller the same, and goes on from the beginning of that where it is asked to in this way. Nil: it begins anew.
    var continuation: ProviderRequest.Continuation?
    /// A file with the key of the service account whose assertions are exchanged for tokens; nil: none are.
    var serviceAccountFile: String?
    /// How long such a token is taken.
    var tokenSeconds = 3_600
    /// OpenAI's own server: what its chat does not know or cannot be is refused. The other dialects always do.
    var isStrict = false
    /// What befalls every request for which nothing more particular was asked.
    var fault: Fault?

    static let help = """
        usage: weir-stub-provider [options]

        Plays providers, each in its own dialect and all on one port:
          OpenAI     POST /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/responses,
                     /v1/responses/input_tokens, /v1/moderations, /v1/rerank,
                     /v1/images/generations, /v1/images/edits, /v1/audio/speech,
                     /v1/audio/transcriptions, /v1/audio/translations, GET /v1/models;
                     files and batches: POST and GET /v1/files and /v1/batches, GET and DELETE /v1/files/ID,
                     GET /v1/files/ID/content, GET /v1/batches/ID, POST /v1/batches/ID/cancel
          Anthropic  POST /v1/messages, POST /v1/messages/count_tokens, GET /v1/models (with anthropic-version)
          Gemini     POST /v1beta/models/MODEL:generateContent, :streamGenerateContent, :countTokens, :embedContent,
                     :batchEmbedContents, GET /v1beta/models
          Vertex AI  the same below /v1/projects/P/locations/L/publishers/google, with a token; POST /token
          Bedrock    POST /model/MODEL/converse, /converse-stream, /count-tokens

        What the real ones refuse is refused, in their words; OpenAI's chat, whose many copies take anything, with --strict only.
        A tool is called when the request forces it or the last text names it, and two when that text has "in parallel" in it.
        Thoughts are signed, and refused when they come back changed. Responses are kept, the last of them, as long as this process
        lives, and gone on from with previous_response_id.

        Files and batches belong to the key that they came with, and nobody else sees them. A batch moves on when its account asks for it
        by name: first it is in progress, or failed where its input is no good, then completed. Each line of it is answered, and billed, as
        a request of its own, with what its model's suffix says; the ledger has it with the batch and the x-request-id of its order.

          --host ADDRESS             address to listen on (127.0.0.1)
          --port PORT                0 takes any free port (9090)
          --port-file PATH           written with the port once it listens
          --key KEY                  the only key accepted (default: any)
          --models A,B               the only models known (default: any name)
          --ledger PATH              append each billed request as a JSON line
          --ledger-entries-max N     entries kept in memory; 0: counters only (1000000)
          --requests-max N           requests kept byte for byte (4096)
          --first-token-ms N         time before the first token (0)
          --chunk-ms N               time between chunks of a stream (0: all that is due goes out at once)
          --jitter-ms N              up to this much more, from the seed (0)
          --seed N                   seed of answers, jitter and fault rates (1)
          --requests-per-minute N    refuses more than that with 429, and says in x-ratelimit-* fields what is left
          --capacity N               answers so many requests at once in their usual time; with more each takes that much longer
          --continues HOW            gives every caller the same answer, and goes on from the beginning of it that stands as the
                                     last message: assistant_message, prefix, prefix_echoed or continue_final_message
          --strict                   OpenAI's chat requests are checked as strictly as the others
          --service-account FILE     the JSON of a service account's key: POST /token gives tokens for what it has signed, and
                                     Vertex AI takes no other ones
          --token-seconds N          how long they are taken (3600)
          --fault FAULT              what befalls every request
          --help

        A fault is a kind and its numbers, as in `status-503;retry-after=2` or `stall-mid-stream;after=3`:
        \(Fault.help)

        A fault is chosen by, in this order: the header x-stub-fault; a suffix of the model name after `+`
        (`gpt-4o-mini+status-500`); the key of the request, set with POST /stub/keys; the script set with POST /stub/script;
        --fault.

        GET  /stub/ledger?since=N    billed requests after sequence N, and counters
        GET  /stub/requests/<id>     the request with that x-request-id as it was received
        POST /stub/script            {"sequence": ["status-500", "none"]} for the next requests, or
                                     {"rate": 0.1, "seed": 7, "faults": ["status-500", "reset-before-head"]}; {} clears
        POST /stub/keys              {"sk-a": "status-401", "sk-b": null}: what befalls requests with that key,
                                     those for models too
        GET  /stub/keys              how many metered requests came with which key
        POST /stub/canned            {"raw": "<base64>", "splits": [3], "everyPosition": false}: the next metered request
                                     gets exactly these bytes, written in pieces
        POST /stub/answers           {"answers": [{"calls": [{"name": "look", "arguments": {"place": "here"}}]}, {"text": "Fine."}]}:
                                     what the next requests are answered with; DELETE forgets those that wait
        POST /stub/tokens            {"revoked": true}: no token is taken or given any more; {"down": true}: none is given at the
                                     moment
        GET  /stub/tokens            how many were given and denied, and how many requests came with none that is taken
        GET  /stub/healthz
        """

    /// - Errors: a sentence for the operator; nil when `--help` was asked for.
    static func parse(_ arguments: [String]) throws(StubUsageError) -> StubOptions? {
        var options = StubOptions()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" { return nil }
            if argument == "--strict" {
                options.isStrict = true
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            func value() throws(StubUsageError) -> String {
                if parts.count == 2 { return String(parts[1]) }
                guard let next = rest.popFirst() else { throw StubUsageError("\(name) needs a value") }
                return next
            }
            func number<N: FixedWidthInteger>() throws(StubUsageError) -> N {
                let text = try value()
                guard let number = N(text), number >= 0 else {
                    throw StubUsageError("\(name): got \"\(text)\", want a number from 0 to \(N.max)")
                }
                return number
            }
            switch name {
            case "--host": options.host = try value()
            case "--port": options.port = try number()
            case "--port-file": options.portFile = try value()
            case "--key": options.key = try value()
            case "--models": options.models = try value().split(separator: ",").map(String.init)
            case "--ledger": options.ledgerPath = try value()
            case "--ledger-entries-max": options.ledgerEntriesMax = try number()
            case "--requests-max": options.requestsMax = try number()
            case "--first-token-ms": options.latency.firstTokenMilliseconds = try number()
            case "--chunk-ms": options.latency.chunkMilliseconds = try number()
            case "--jitter-ms": options.latency.jitterMilliseconds = try number()
            case "--seed": options.seed = try number()
            case "--requests-per-minute": options.requestsPerMinute = try number()
            case "--service-account": options.serviceAccountFile = try value()
            case "--token-seconds": options.tokenSeconds = try number()
            case "--capacity": options.capacity = try number()
            case "--continues":
                let text = try value()
                guard let continuation = ProviderRequest.Continuation(rawValue: text) else {
                    throw StubUsageError("--continues: no such way: \"\(text)\"")
                }
                options.continuation = continuation
            case "--fault":
                let text = try value()
                guard let fault = Fault(text) else { throw StubUsageError("--fault: no such fault: \"\(text)\"") }
                options.fault = fault
            default: throw StubUsageError("unknown option \(name); --help lists them")
            }
        }
        return options
    }
}

struct StubUsageError: Error {
    var message: String
    init(_ message: String) { self.message = message }
}

/// How long the provider pretends to think.
struct LatencyModel {
    var firstTokenMilliseconds = 0
    var chunkMilliseconds = 0
    /// Uniform, added to each of the two.
    var jitterMilliseconds = 0

    func firstToken(_ random: inout some RandomNumberGenerator) -> Duration {
        .milliseconds(firstTokenMilliseconds + jitter(&random))
    }

    func chunk(_ random: inout some RandomNumberGenerator) -> Duration {
        .milliseconds(chunkMilliseconds + (chunkMilliseconds > 0 ? jitter(&random) : 0))
    }

    private func jitter(_ random: inout some RandomNumberGenerator) -> Int {
        jitterMilliseconds > 0 ? Int.random(in: 0...jitterMilliseconds, using: &random) : 0
    }
}
