using System.Diagnostics;
using System.Globalization;
using DhcpHost.Fuzz;

// dotnet run -c Release --project tests/DhcpHost.Fuzz -- [MESSAGES] [SEED]
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000_000;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var watch = Stopwatch.StartNew();
using var run = new FuzzRun(Path.Combine(AppContext.BaseDirectory, "Corpus"), seed);
var (replies, heap) = run.Run(count);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{count} messages, {replies} replies, {watch.Elapsed.TotalSeconds:0.0} s, {heap >> 20} MiB of heap at the end, {run.Leases} leases; seed {seed}"));
