# Starts one scenario: run.ps1 NAME [locust options...]; an option given here wins over the scenario's file.
# No param(): PowerShell would take Locust's short options for abbreviated parameters of this script.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # a run that breaks a budget is no exception

$root = Split-Path -Parent $PSScriptRoot
$name = ''
if ($args.Count -gt 0) { $name = [string]$args[0] }
$known = @(Get-ChildItem -Path (Join-Path $root 'config/scenarios') -Filter '*.conf' | ForEach-Object { $_.BaseName })
if ($known -notcontains $name) {
    if ($name) { [Console]::Error.WriteLine("run.ps1: there is no scenario '$name'") }
    $usage = 'usage: scenarios/run.ps1 NAME [locust options...], NAME one of:'
    [Console]::Error.WriteLine("$usage $($known -join ' ')")
    exit 2
}
$options = @($args | Select-Object -Skip 1)

# All of it on stderr: what Locust prints on stdout may be read by a program.
& (Join-Path $root 'setup-venv.ps1') -Quiet 6>&1 | ForEach-Object { [Console]::Error.WriteLine($_) }
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$python = Join-Path $root 'venv/bin/python'
if ([IO.Path]::DirectorySeparatorChar -eq '\') { $python = Join-Path $root 'venv\Scripts\python.exe' }
$question = (Get-Content -LiteralPath (Join-Path $root "config/scenarios/$name.conf") -TotalCount 1) -replace '^# ', ''
[Console]::Error.WriteLine("${name}: $question")
$ErrorActionPreference = 'Continue' # what Locust logs on stderr is no exception either
Push-Location -LiteralPath $root
try { & $python -m config.locust_command --config "config/scenarios/$name.conf" @options }
finally { Pop-Location }
exit $LASTEXITCODE
