import Shared

extension UsageIngest {
    /// What became of the records.
    struct Metrics {
        let events: CounterCell
        let transactions: CounterCell
        let repeated: CounterCell
        let late: CounterCell
        let otherEndUser: CounterCell
        let otherTags: CounterCell
        let lost: CounterCell
        let corrected: CounterCell
        let earlyCorrections: CounterCell
        let lateCorrections: CounterCell
        let repeatedCorrections: CounterCell

        init(_ registry: MetricsRegistry) {
            events = registry.counter("weir_control_usage_events_total", help: "Usage events stored.")
            transactions = registry.counter(
                "weir_control_usage_transactions_total", help: "Transactions that batches of usage were applied in.")
            repeated = registry.counter(
                "weir_control_usage_repeated_events_total",
                help: "Usage events beyond the stream's sequence whose request was known already. Expected: none.")
            late = registry.counter(
                "weir_control_usage_late_events_total",
                help: "Usage events older than the retention: added to the sums, not stored.")
            otherEndUser = registry.counter(
                "weir_control_usage_other_end_user_events_total",
                help: "Usage events whose end user came after the bound of the hour: in the sums without its label.")
            otherTags = registry.counter(
                "weir_control_usage_other_tags_events_total",
                help: "Usage events whose tags came after the bound: in the sums without their tags.")
            lost = registry.counter(
                "weir_control_usage_lost_records_total",
                help: "Records that a data plane could not read from its damaged journal. Expected: none.")
            corrected = registry.counter(
                "weir_control_usage_corrections_total",
                help: "Usage events that got what their request took in the end.")
            earlyCorrections = registry.counter(
                "weir_control_usage_early_corrections_total",
                help: "Corrections that wait for their usage event, each time one comes.")
            lateCorrections = registry.counter(
                "weir_control_usage_late_corrections_total",
                help: "Corrections of usage events older than the retention: not applied.")
            repeatedCorrections = registry.counter(
                "weir_control_usage_repeated_corrections_total",
                help: "Corrections of requests that were corrected before: each data plane that sees one writes it.")
        }

        func count(_ corrections: UsageCorrections.Counts) {
            corrected.add(UInt64(corrections.applied))
            earlyCorrections.add(UInt64(corrections.early))
            lateCorrections.add(UInt64(corrections.late))
            repeatedCorrections.add(UInt64(corrections.repeated))
        }
    }
}
