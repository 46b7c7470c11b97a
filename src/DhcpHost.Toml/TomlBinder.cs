using DhcpHost.Toml.Binding;

namespace DhcpHost.Toml;

/// <summary>Binds a table to a type, strictly: whatever in the table is not understood is an error with its place.</summary>
/// <remarks>
/// <para>
/// A key is the snake_case form of a settable (also <c>init</c>) property or of a parameter of the only constructor. A key or table that the type does not
/// know is an error that names the nearest one; one that it had once (<see cref="Abstractions.Options.RemovedKeyAttribute"/>), what to write instead.
/// <c>required</c> members, members with <see cref="System.ComponentModel.DataAnnotations.RequiredAttribute"/> whose default is empty, and parameters without a
/// default have to be there.
/// Validation attributes are checked at the value's place; on a collection, those that are not about its length hold for each item. An
/// <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> is asked with defaults in the place of what is wrong in its table; results whose
/// members or text name a key that is wrong are passed over, so that nobody is told of what is only its consequence.
/// </para>
/// <para>
/// Values: strings, booleans, integers and floats that fit, decimals, enums (snake_case or kebab-case), durations (<c>"30s"</c>; <c>"infinite"</c> where
/// <see cref="Abstractions.Options.AllowInfiniteAttribute"/> stands), dates and times, IP addresses and networks in their full form, URIs, any
/// <see cref="IParsable{TSelf}"/> from a string, nested types from tables, lists, sets, arrays and immutable arrays, dictionaries by string or parsable
/// key, <see cref="object"/> and <see cref="System.Text.Json.JsonElement"/> for anything, and <see cref="TomlTableView"/> for a table to be bound later.
/// </para>
/// <para>Nothing about a type is remembered after the call, so that types of an unloadable plugin are not kept loaded.</para>
/// </remarks>
public static class TomlBinder
{
    /// <summary>Binds a table.</summary>
    /// <param name="type">A class, record or struct.</param>
    /// <param name="table">The table. Keys that were taken out of it are passed over.</param>
    public static TomlBindResult<object> Bind(Type type, TomlTableView table)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(table);
        var binding = new TableBinding(table.Document);
        var value = binding.Bind(table, type);
        return new(value, TomlErrors.Sort(binding.Errors));
    }

    /// <inheritdoc cref="Bind(Type, TomlTableView)"/>
    /// <typeparam name="T">A class or record.</typeparam>
    public static TomlBindResult<T> Bind<T>(TomlTableView table)
        where T : class
    {
        var result = Bind(typeof(T), table);
        return new((T?)result.Value, result.Errors);
    }
}
