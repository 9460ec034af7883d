// Each class runs all six processes, some of them two of each: more than one such system at once would measure the machine.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
