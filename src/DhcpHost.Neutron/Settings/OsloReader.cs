namespace DhcpHost.Neutron.Settings;

/// <summary>Reads one file line by line.</summary>
internal sealed class OsloReader(string path, OsloConfig config)
{
    private string _group = OsloConfig.DefaultGroup;
    private string? _name;
    private int _nameLine;
    private List<string> _lines = [];

    public void Read(string text)
    {
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            Read(raw.TrimEnd(), number);
        }

        Flush();
    }

    private void Read(string line, int number)
    {
        if (line.Length == 0)
        {
            Flush();
        }
        else if (line[0] is ' ' or '\t')
        {
            if (_name is null)
            {
                config.Fail(path, number, "a line that goes on stands after none that has an option");
            }
            else
            {
                _lines.Add(line.TrimStart());
            }
        }
        else
        {
            Flush();
            ReadFirst(line, number);
        }
    }

    private void ReadFirst(string line, int number)
    {
        switch (line[0])
        {
            case '#' or ';':
                return;
            case '[':
                if (line[^1] != ']' || line.Length < 3)
                {
                    config.Fail(path, number, "a group is written [name]");
                    return;
                }

                _group = line[1..^1];
                return;
        }

        var at = line.AsSpan().IndexOfAny('=', ':');
        if (at <= 0)
        {
            config.Fail(path, number, "an option is written name = value");
            return;
        }

        _name = line[..at].TrimEnd();
        _nameLine = number;
        _lines = [Unquote(line[(at + 1)..].Trim())];
    }

    private static string Unquote(string value) => value.Length > 1 && value[0] is '"' or '\'' && value[0] == value[^1] ? value[1..^1] : value;

    private void Flush()
    {
        if (_name is not null)
        {
            config.Add(_group, _name, new(string.Join('\n', _lines), path, _nameLine));
        }

        _name = null;
    }
}
