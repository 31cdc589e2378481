import TestSupport

/// A client as its vendor makes it, and the Python program beside these tests that drives it.
enum OfficialClient: String, CaseIterable {
    case openai, responses, anthropic, gemini, bedrock, langchain
    /// A coding agent's command line.
    case claude

    var dialect: DialectSpeech {
        switch self {
        case .openai, .langchain: .openai
        case .anthropic, .claude: .anthropic
        case .gemini: .gemini
        case .bedrock: .bedrock
        case .responses: .responses
        }
    }

    private var program: String {
        switch self {
        case .langchain: "langchain_checks.py"
        case .claude: "coding_agent_checks.py"
        default: "\(rawValue)_client_checks.py"
        }
    }

    /// So many checks make sense in front of a provider of the client's own dialect. Each of an agent's is a conversation.
    var checksMin: Int { self == .claude ? 4 : 18 }

    /// Where it is sent.
    struct Place {
        var port: UInt16
        /// For clients that want TLS.
        var tlsPort: UInt16
        var authorityFile: String
        /// The stub provider behind, which is told what to say to an agent.
        var stubPort: UInt16
        var key: String
        /// A key without a budget, where there can be one.
        var poorKey: String?
        var isWeir: Bool
    }

    /// What is asked for there.
    struct Models {
        var plain: String
        /// Its usage tells of 5 cached tokens.
        var cached: String
        /// Its streams end in an error.
        var broken: String
    }

    /// Runs all checks that make sense with a provider of the dialect `target` behind.
    func check(_ place: Place, _ models: Models, target: DialectSpeech) throws -> PythonTools.ClientReport {
        let plain = "http://127.0.0.1:\(place.port)"
        guard self != .openai else { return try checkOpenAI(place, models, target) }
        var arguments = ["--key", place.key, "--model", models.plain, "--target", target.rawValue]
        arguments += ["--cached-model", models.cached, "--broken-model", models.broken]
        arguments +=
            self == .bedrock
            ? ["--base-url", "https://127.0.0.1:\(place.tlsPort)", "--ca", place.authorityFile] : ["--base-url", plain]
        if place.isWeir { arguments.append("--weir") }
        if self == .claude { arguments += ["--stub", "http://127.0.0.1:\(place.stubPort)"] }
        if let poor = place.poorKey { arguments += ["--poor-key", poor] }
        return try PythonTools.openAIChecks(arguments, program: program)
    }

    /// This program is older than the others, and knows of no other dialects behind.
    private func checkOpenAI(
        _ place: Place, _ models: Models, _ target: DialectSpeech
    ) throws -> PythonTools.ClientReport {
        var arguments = ["--base-url", "http://127.0.0.1:\(place.port)/v1", "--key", place.key, "--chat", models.plain]
        if place.isWeir { arguments.append("--weir") }
        if target != .openai {
            // All but several choices, which two of the others do not make.
            arguments += [
                "--only",
                """
                chat_answers_with_usage,chat_keeps_one_connection_for_many_requests,\
                stream_ends_without_a_usage_chunk_nobody_asked_for,stream_ends_with_usage_when_asked,\
                tools_come_back_as_tool_calls,tools_stream_as_deltas,model_list_names_the_models,\
                bad_key_is_an_authentication_error,unknown_model_is_a_not_found_error,bad_body_is_a_bad_request_error,\
                body_that_is_not_json_is_a_bad_request_error,missing_model_is_a_bad_request_error
                """,
            ]
        }
        return try PythonTools.openAIChecks(arguments, program: program)
    }
}
